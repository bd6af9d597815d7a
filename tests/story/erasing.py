"""Erasing as the command does, and looking where something of a person could be left."""

from datetime import timedelta

from shared.erasure import InDataverse, erase
from shared.erasure_outcome import Erasure
from shared.values.form import Form
from shared.values.form_journey_row import JourneyRow
from shared.values.mail_budget import MailboxRow
from shared.values.mailbox import mailbox_key
from tests.examples import PEPPER, sample_forms
from tests.fakes.outside import FakeOutside

ANNA = "anna@example.com"
# What Anna's registration says of her, and her click: none of it may be left anywhere.
TRACES = (ANNA, "Anna", "203.0.113.7", "Browser/1.0", "198.51.100.9", "Phone/2.0")


def erase_person(outside: FakeOutside, address: str = ANNA, *, everywhere: bool = False) -> Erasure:
    """`everywhere`: in Dataverse, too. The clock goes on while it waits."""
    done = Erasure()
    where = InDataverse(outside=outside, pause=outside.pass_time) if everywhere else None
    erase(address, outside, done, where)
    return done


def places_with(outside: FakeOutside, *traces: str) -> list[str]:
    """The places that say anything of her: rows, queues, Dataverse."""
    records, insights = outside.table, outside.customer_insights
    places: dict[str, list[str]] = {
        "records": [one.value.model_dump_json() for one in records.records.values()],
        "proofs": [one.value.model_dump_json() for one in records.kept_proofs.values()],
        "mailboxes": [one.value.model_dump_json() for one in records.mailboxes.values()],
        "leads": [one.value.model_dump_json() for one in outside.lead_rows.rows.values()],
        **{f"queue {name}": outside.queues.bodies(name) for name in outside.queues.messages},
        "contacts": [str(one) for one in insights.contacts.values()],
        "consents": [str(one) for one in insights.consents.items()],
        "journey rows": [str(one) for one in insights.journey_rows.items()],
    }
    sought = [trace.casefold() for trace in traces or TRACES]
    return [
        place
        for place, texts in places.items()
        if any(trace in text.casefold() for text in texts for trace in sought)
    ]


def mailbox_of(outside: FakeOutside, address: str = ANNA) -> MailboxRow:
    """The row of the address's mailbox."""
    return outside.records.find_mailbox(mailbox_key(address, PEPPER)).value


def proofs_of(outside: FakeOutside, address: str = ANNA) -> list[timedelta]:
    """How long from now what is left is kept."""
    proofs = outside.records.proofs(mailbox_key(address, PEPPER))
    return [proof.value.until - outside.now() for proof in proofs]


def form_by_row() -> Form:
    """The newsletter, whose journey a row starts, with a column of what she typed."""
    row = JourneyRow.model_validate(
        {
            "entitySet": "new_doiregistrations",
            "keyColumn": "new_registrationid",
            "contact": "new_ContactId",
            "columns": {"new_name": {"field": "firstName"}},
        }
    )
    return sample_forms()["newsletter"].model_copy(update={"trigger": None, "journey_row": row})
