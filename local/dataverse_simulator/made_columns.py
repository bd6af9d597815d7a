"""A posted column as the simulator keeps it, and what its texts must have."""

from typing import Any

from local.dataverse_simulator.definition_payload import Attribute, Label, Option, parsed
from local.dataverse_simulator.definitions import Column, Kind
from local.dataverse_simulator.errors import DataverseError, bad_payload
from local.dataverse_simulator.store import Store

LONGEST_TEXT = 4000
KINDS: dict[str, Kind] = {
    "String": "String",
    "Memo": "Memo",
    "Boolean": "Boolean",
    "Picklist": "Picklist",
    "MultiSelectPicklist": "MultiSelectPicklist",
}


class Texts:
    """Labels in the base language of the organisation; one that has none is refused."""

    def __init__(self, store: Store) -> None:
        organization = store.tables.by_logical_name["organization"]
        language = next(iter(store.rows(organization))).values["languagecode"]
        self._language = language if isinstance(language, int) else 0

    def of(self, label: Label) -> str:
        """Raise DataverseError (400)."""
        text = label.text(self._language)
        if not text:
            raise DataverseError(
                400,
                "0x80040203",
                f"A label in the base language of the organization ({self._language}) is missing.",
            )
        return text


def made_column(texts: Texts, payload: Any) -> Column:
    """From JSON, or from an Attribute. Raise DataverseError (400)."""
    given = payload if isinstance(payload, Attribute) else parsed(Attribute, payload)
    if given.kind == "Lookup":
        raise bad_payload("", "A lookup is made by POST RelationshipDefinitions.")
    text = given.kind in ("String", "Memo")
    if text and (
        given.max_length is None or (given.kind == "String" and given.max_length > LONGEST_TEXT)
    ):
        raise bad_payload("", f"'MaxLength' of {given.schema_name} is missing or too large.")
    return Column(
        name=given.schema_name.lower(),
        schema_name=given.schema_name,
        type=_kind(given),
        label=texts.of(given.display_name),
        max_length=given.max_length or 100,
        options=_options(texts, given),
        default=given.default_value if given.kind == "Boolean" else None,
        requirement=given.required_level.value,
    )


def _kind(given: Attribute) -> Kind:
    if given.kind != "DateTime":
        return KINDS[given.kind]
    behavior = given.date_time_behavior.value if given.date_time_behavior else "UserLocal"
    if behavior not in ("UserLocal", "DateOnly", "TimeZoneIndependent"):
        raise bad_payload("", f"'{behavior}' is no DateTimeBehavior.")
    return "DateOnly" if behavior == "DateOnly" else "DateTime"


def _options(texts: Texts, given: Attribute) -> dict[int, str]:
    """Raise DataverseError (400) where the kind needs options and has none, or has too many."""
    option_set = given.option_set
    if given.kind == "Boolean":
        both = [option_set.false_option, option_set.true_option] if option_set else []
        found: list[Option] = [option for option in both if option is not None]
        wanted = len(found) == len(both) == 2  # noqa: PLR2004 - yes and no
    else:
        found = list(option_set.options) if option_set else []
        wanted = bool(found) == (given.kind in ("Picklist", "MultiSelectPicklist"))
    options = {option.value: texts.of(option.label) for option in found}
    if not wanted or len(options) != len(found):
        raise bad_payload("", f"'OptionSet' of {given.schema_name} does not fit a {given.kind}.")
    return options
