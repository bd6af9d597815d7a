"""What to write when an address withdraws, given the consent rows that Dataverse has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.adapters.consent_rows import (
    OPTED_IN,
    OPTED_OUT,
    FoundConsent,
    consent_creation,
    consent_identity,
    consent_update,
    free_id,
)
from shared.adapters.dataverse_batch import Operation
from shared.values.consent_reason import Word
from shared.values.opt_out import EndedConsent, OptOut

# The official recipe, learn.microsoft.com/dynamics365/customer-insights/journeys/
# consent-record-creation, and the options' own labels.
_BY_PAGE: Final = {
    "msdynmkt_source": 534120000,  # Internal
    "msdynmkt_logicalreason": 534119999,  # No reasons
}
_BY_ONE_CLICK: Final = {
    "msdynmkt_source": 534120007,  # Email - list-unsubscribe
    "msdynmkt_logicalreason": 534120007,  # Opt-out - One-click unsubscribe
}


@dataclass(frozen=True, kw_only=True)
class FoundConsents:
    """`consents` are all of the address; `taken_ids` are ids that no new row can have."""

    consents: tuple[FoundConsent, ...]
    taken_ids: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class OptOutChanges:
    """Operations for one change set, maybe none, and the rows that say no after it."""

    operations: tuple[Operation, ...]
    ids: tuple[str, ...]


def opt_out_changes(
    opt_out: OptOut, found: FoundConsents, navigation: Mapping[str, str]
) -> OptOutChanges:
    """Opt out every row there is of each consent; create one where there is none.

    Without a row a non-restrictive purpose would be mailed. A row that says yes since a later
    moment than the withdrawal is left alone. Raises PermanentFailure.
    """
    no = {
        "msdynmkt_value": OPTED_OUT,
        **(_BY_ONE_CLICK if opt_out.withdrawal.one_click else _BY_PAGE),
        "msdynmkt_reason": opt_out.reason,
    }
    ended = [row for row in found.consents if row.id in opt_out.row_ids]
    operations: list[Operation] = []
    ids: list[str] = []
    for consent in opt_out.consents:
        if consent.spares_topics and _has_another_topic(consent, opt_out, found):
            continue
        rows = [one for one in found.consents if one.concerns(consent.purpose_id, consent.topic_id)]
        ended += [row for row in rows if row not in ended]
        if not rows:
            new_id = free_id(consent.new_id, found.taken_ids)
            identity = consent_identity(
                opt_out.email, consent.purpose_id, consent.topic_id, navigation
            )
            operations.append(consent_creation(new_id, {**no, **identity}))
            ids.append(new_id)
    word = Word(yes=False, said_at=opt_out.withdrawal.at.replace(microsecond=0))
    for row in ended:
        if _says_yes_since(row, word):
            continue
        ids.append(row.id)
        if not _says_no_already(row, word):
            operations.append(consent_update(row, no))
    return OptOutChanges(operations=tuple(operations), ids=tuple(ids))


def _has_another_topic(consent: EndedConsent, opt_out: OptOut, found: FoundConsents) -> bool:
    ended = {one.topic_id for one in opt_out.consents if one.purpose_id == consent.purpose_id}
    return any(
        row.purpose_id == consent.purpose_id
        and row.value == OPTED_IN
        and row.topic_id not in {*ended, None}
        for row in found.consents
    )


def _says_yes_since(row: FoundConsent, no: Word) -> bool:
    return row.word is not None and row.word.yes and row.word.supersedes(no)


def _says_no_already(row: FoundConsent, no: Word) -> bool:
    """By this withdrawal or a later one, and nobody has changed it by hand."""
    said = row.word is not None and not row.word.yes and not no.supersedes(row.word)
    return said and row.value == OPTED_OUT
