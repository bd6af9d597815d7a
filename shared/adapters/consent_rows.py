"""Rows of msdynmkt_contactpointconsent4: which there are for an address, and writing them.

Columns and option values: https://learn.microsoft.com/en-us/dynamics365/developer/reference/
entities/msdynmkt_contactpointconsent4
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from shared.adapters.dataverse_batch import Operation
from shared.adapters.dataverse_query import any_of, query, row, text
from shared.failures import PermanentFailure
from shared.values.consent_reason import Word, word_in
from shared.values.mailbox import canonical

CONSENTS: Final = "msdynmkt_contactpointconsent4s"
CONSENT_ID: Final = "msdynmkt_contactpointconsent4id"
CONTACT_POINT: Final = "msdynmkt_contactpointvalue"
OPTED_IN: Final = 534120001
OPTED_OUT: Final = 534120002

_CONTACT_POINT_IS_EMAIL = 534120000
_IS_PURPOSE = 534120000
_IS_TOPIC = 534120001
_PURPOSE = "_msdynmkt_purposeid_value"
_TOPIC = "_msdynmkt_topicid_value"
_VALUE = "msdynmkt_value"
_REASON = "msdynmkt_reason"
# How often a person's row may have been deactivated or given another address.
_SPARE_IDS = 4

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FoundConsent:
    """One row for the address. `value` is OPTED_IN, OPTED_OUT or "not set"."""

    id: str
    etag: str
    purpose_id: str | None
    topic_id: str | None
    value: int
    reason: str | None

    @property
    def word(self) -> Word | None:
        """What the person said last, as far as we wrote it."""
        return word_in(self.reason)

    def concerns(self, purpose_id: str, topic_id: str | None) -> bool:
        """Whether it is about this purpose, and this topic or none."""
        return (self.purpose_id, self.topic_id) == (
            purpose_id.lower(),
            topic_id and topic_id.lower(),
        )


def consents_query(email: str) -> str:
    """The query whose answer `found_consents` reads."""
    return query(
        CONSENTS,
        select=f"{CONSENT_ID},{CONTACT_POINT},{_PURPOSE},{_TOPIC},{_VALUE},{_REASON}",
        filter=of_address(email),
    )


def of_address(email: str) -> str:
    """A `$filter` for the rows of this address, and of those that Dataverse takes for it."""
    return (
        f"{CONTACT_POINT} eq {text(email)}"
        f" and msdynmkt_contactpointtype eq {_CONTACT_POINT_IS_EMAIL}"
    )


def found_consents(email: str, answer: Rows) -> tuple[FoundConsent, ...]:
    """The rows of exactly this address: Dataverse finds muller@ when asked for müller@."""
    address = canonical(email)
    return tuple(
        FoundConsent(
            id=found[CONSENT_ID],
            etag=found["@odata.etag"],
            purpose_id=found[_PURPOSE],
            topic_id=found[_TOPIC],
            value=found[_VALUE],
            reason=found[_REASON],
        )
        for found in answer
        if canonical(found[CONTACT_POINT] or "") == address
    )


def possible_ids(new_id: str) -> tuple[str, ...]:
    """`new_id`, and ids derived from it for when a row has it that is not the address's any more.

    That happens: a contact is deactivated, or gets another address. Such a row is never touched.
    """
    spare = (str(uuid5(UUID(new_id), str(number))) for number in range(1, _SPARE_IDS + 1))
    return (new_id.lower(), *spare)


def taken_consents_query(new_ids: Iterable[str]) -> str:
    """The query for rows that have one of the ids that new rows could have; at least one."""
    ids = [one for new_id in new_ids for one in possible_ids(new_id)]
    return query(CONSENTS, select=CONSENT_ID, filter=any_of(CONSENT_ID, ids))


def free_id(new_id: str, taken: frozenset[str]) -> str:
    """The first of `possible_ids` that no row has. Raises PermanentFailure."""
    free = next((one for one in possible_ids(new_id) if one not in taken), None)
    if free is None:
        raise PermanentFailure(
            "Dataverse: every id for a new row is taken by rows that are inactive or have got"
            f" another address, the first of them {new_id}; delete one of them"
        )
    return free


def consent_update(found: FoundConsent, columns: Mapping[str, Any]) -> Operation:
    """Of the version that was looked at: another word of the person may come in between.

    Refused with 412 otherwise. learn.microsoft.com/power-apps/developer/data-platform/
    optimistic-concurrency
    """
    return patch(CONSENTS, found.id, {"If-Match": found.etag}, columns)


def consent_creation(row_id: str, columns: Mapping[str, Any]) -> Operation:
    """Refused with 412 where the row is there already."""
    return patch(CONSENTS, row_id, {"If-None-Match": "*"}, columns)


def consent_identity(
    email: str, purpose_id: str, topic_id: str | None, navigation: Mapping[str, str]
) -> dict[str, Any]:
    """Whose consent, and to what. A topic's row names the purpose as well.

    `navigation` names the lookups' navigation properties by column. Raises PermanentFailure.
    """
    columns = {
        CONTACT_POINT: email,
        "msdynmkt_contactpointtype": _CONTACT_POINT_IS_EMAIL,
        "msdynmkt_contactpointconsenttype": _IS_TOPIC if topic_id else _IS_PURPOSE,
        _bind(navigation, "msdynmkt_purposeid"): f"/{row('msdynmkt_purposes', purpose_id)}",
    }
    if topic_id:
        columns[_bind(navigation, "msdynmkt_topicid")] = f"/{row('msdynmkt_topics', topic_id)}"
    return columns


def patch(
    entity_set: str, row_id: str, headers: Mapping[str, str], columns: Mapping[str, Any]
) -> Operation:
    """The condition tells creating from updating.

    learn.microsoft.com/power-apps/developer/data-platform/webapi/
    perform-conditional-operations-using-web-api
    """
    return Operation(method="PATCH", path=row(entity_set, row_id), headers=headers, body=columns)


def _bind(navigation: Mapping[str, str], column: str) -> str:
    name = navigation.get(column)
    if name is None:
        raise PermanentFailure(
            f"Dataverse: table msdynmkt_contactpointconsent4 has no lookup {column};"
            " Customer Insights - Journeys has to be installed in the environment"
        )
    return f"{name}@odata.bind"
