"""The mailbox's row notes who was erased, and drops what was of nobody else."""

from datetime import datetime, timedelta

from shared.end_of_proof import schedule_end_of_mark
from shared.failures import RACES, Changed, TemporaryFailure
from shared.known_person import KnownPerson
from shared.lead_tidying import KEPT_FOR as LEADS_KEPT_FOR
from shared.ports import Outside
from shared.values.keyed_digest import keyed_uuid
from shared.values.record import RecordKey


def mark_erased(person: KnownPerson, outside: Outside) -> datetime:
    """Note the address in the mailbox's row, for as long as it has to be known: until when.

    Raises TemporaryFailure.
    """
    now = outside.now()
    mailbox, until = person.mailbox, _kept_until(person, now, outside)
    known = mailbox.value.erased.get(person.digest)
    if known is None or known.until < until:
        nameless = keyed_uuid(outside.rules.pepper, "erasure", person.digest)
        key = RecordKey(mailbox_key=person.mailbox_key, registration_id=nameless)
        schedule_end_of_mark(key, until, outside)
    for _ in range(RACES):
        marked = mailbox.moved_to(mailbox.value.erase(person.digest, now, until))
        try:
            outside.records.save_mailbox(person.mailbox_key, marked)
        except Changed:
            mailbox = outside.records.find_mailbox(person.mailbox_key)
        else:
            return marked.value.erased[person.digest].until
    raise TemporaryFailure("the mailbox's row is contended")


def drop_mail_times(mailbox_key: str, outside: Outside) -> None:
    """Nobody is left in the mailbox to whom the mails of the last day were sent."""
    for _ in range(RACES):
        mailbox = outside.records.find_mailbox(mailbox_key)
        bare = mailbox.value.without_mails()
        if bare == mailbox.value:
            return
        try:
            outside.records.save_mailbox(mailbox_key, mailbox.moved_to(bare))
        except Changed:
            continue
        return
    raise TemporaryFailure("the mailbox's row is contended")


def _kept_until(person: KnownPerson, now: datetime, outside: Outside) -> datetime:
    """As long as the proofs are kept; without one, until nothing can be on its way any more."""
    if person.records:
        return now + outside.rules.proof
    arrives = max(
        (form.forgotten_after for form in outside.forms.values()), default=timedelta(days=7)
    )
    if outside.rules.linkedin:
        arrives = max(arrives, LEADS_KEPT_FOR)  # so long LinkedIn may have a lead of the person
    return max([now + arrives, *(proof.until for proof in person.proofs)])
