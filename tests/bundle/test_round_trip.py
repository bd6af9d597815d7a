"""What `doi evidence` writes, `doi verify` finds whole: whoever it is, however far it came."""

import contextlib
import io
import json
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cli.evidence.check import Outcome
from cli.evidence.document import Evidence, RegistrationShown
from cli.evidence.drawn import drawn
from cli.evidence.gathering import gather
from cli.evidence.manifest import EVIDENCE, PAPER
from cli.evidence.wording import Language
from shared.mime import mime_message
from shared.ports import Versioned
from shared.values.consent_text import version_of
from shared.values.evidence.chain import Chain
from shared.values.record import Record
from shared.values.record_notes import MailKind
from shared.values.registration import GivenConsent, Source
from shared.wire_mail import wire_mail
from tests.bundle.checking import broken, checks_of, first_broken, signed_again, with_file
from tests.bundle.leaves import with_value
from tests.bundle.worlds import ANNA, asking, bundle_of, busy, busy_outside, confirm, withdraw
from tests.examples import key_of
from tests.fakes.outside import FakeOutside
from tests.properties.strategies import NASTY, whole_text
from tests.story import journey
from tests.story.test_mail_reports import report


def only(outside: FakeOutside, address: str = ANNA) -> RegistrationShown:
    """The one registration of a bundle that holds."""
    bundle = bundle_of(outside, address)
    assert first_broken(bundle.files) == ""
    [one] = bundle.evidence.registrations
    return one


def unknown(outside: FakeOutside) -> dict[str, str]:
    """What could not be checked, and why."""
    return {
        check.what: check.found
        for check in checks_of(bundle_of(outside).files)
        if check.outcome is Outcome.UNKNOWN
    }


def test_everything_that_can_happen() -> None:
    website, lead = busy().evidence.registrations
    assert [entry.kind.value for entry in website.chain.entries] == [
        *("asked", "mailed", "confirmed", "written", "triggered", "reported", "withdrawn"),
        "opted_out",
    ]
    assert website.origins.keys() > {"asked", "confirmed"}
    assert website.origins["asked"].address == "203.0.113.7"
    assert website.origins["confirmed"].user_agent == "Phone/2.0"
    assert website.withdrawals[0].one_click
    assert website.mails[0].report == "Delivered"
    assert lead.lead is not None
    assert lead.confirmation is not None
    assert lead.chain.previous == website.chain.asked
    assert all(check.outcome is Outcome.HOLDS for check in checks_of(busy().files))


def test_the_mails_are_those_that_were_sent() -> None:
    outside = busy_outside()
    sent = [mime_message(wire_mail(mail)) for mail in outside.mailer.sent]
    bundle = bundle_of(outside)
    files = [mail.file for one in bundle.evidence.registrations for mail in one.mails]
    assert [bundle.files[name or ""] for name in files] == sent


def test_the_same_evidence_gives_the_same_bytes() -> None:
    outside = busy_outside()
    first, second = bundle_of(outside, draw=drawn), bundle_of(outside, draw=drawn)
    assert first.files == second.files
    outside.pass_time(timedelta(seconds=1))
    assert bundle_of(outside, draw=drawn).files[PAPER] != first.files[PAPER]


def test_the_documents_are_read_as_they_were_written() -> None:
    evidence = Evidence.model_validate_json(busy().files[EVIDENCE])
    assert evidence == busy().evidence
    assert evidence.to_bytes() == busy().files[EVIDENCE]


def test_nobody_is_in_it_but_the_very_address() -> None:
    outside = FakeOutside()
    confirm(asking("anna+x@example.com", outside, number=1), outside)
    confirm(asking("Anna@Example.com", outside, number=2), outside)
    assert only(outside, "anna@example.com").email == "Anna@Example.com"
    assert "anna+x" not in bundle_of(outside).files[EVIDENCE].decode()
    assert gather("berta@example.com", Language.ENGLISH, outside) is None


def test_a_registration_that_waits() -> None:
    outside = FakeOutside()
    journey.sign_up(asking(ANNA, outside), outside)
    one = only(outside)
    assert one.confirmation is None
    assert [mail.kind for mail in one.mails] == [MailKind.CONFIRMATION]


def test_a_mail_that_did_not_leave_is_no_mail() -> None:
    outside = FakeOutside()
    outside.mailer.down = True
    with contextlib.suppress(IndexError):  # there is no mail to return
        journey.sign_up(asking(ANNA, outside), outside)
    assert only(outside).mails == ()


def test_network_addresses_whose_time_is_over() -> None:
    outside = FakeOutside()
    confirm(asking(ANNA, outside), outside)
    outside.pass_time(timedelta(days=400))
    one = only(outside)
    assert {origin.address for origin in one.origins.values()} == {None}
    assert {origin.key for origin in one.origins.values()} == {None}
    assert unknown(outside) == {
        "origin asked": "cannot be opened",
        "origin confirmed": "cannot be opened",
    }


def test_a_mail_that_cannot_be_written_once_more() -> None:
    outside = FakeOutside()
    confirm(asking(ANNA, outside), outside)
    outside.mail_frames.frames.clear()
    bundle = bundle_of(outside)
    [reason] = bundle.lost
    assert "is not in table mailframes" in reason
    assert only(outside).mails[0].file is None
    assert "mail 1" in unknown(outside)


def stripped(record: Record) -> Record:
    """As it was stored before there were chains."""
    mails = tuple(
        note.model_copy(update={"mime_digest": None, "frame": None, "slots": None})
        for note in record.mails
    )
    return record.model_copy(update={"chain": Chain(), "origins": {}, "mails": mails})


def test_a_record_that_is_older_than_chains() -> None:
    outside = FakeOutside()
    asked = asking(ANNA, outside)
    confirm(asked, outside)
    key = key_of(asked)
    old = outside.table.records[key]
    outside.table.records[key] = old.moved_to(stripped(old.value))
    assert only(outside).chain.entries == ()
    assert "older than chains" in unknown(outside)["chain"]
    outside.pass_time(timedelta(days=1))
    withdraw(ANNA, outside)
    one = only(outside)
    assert [entry.kind.value for entry in one.chain.entries] == ["withdrawn", "opted_out"]
    assert "its beginning is not sealed" in unknown(outside)["entries before"]
    forged = bundle_of(outside)
    place = ("registrations", 0, "withdrawals", 0, "oneClick")
    content = with_value(forged.files[EVIDENCE], place, value=True)
    assert "entry 1 (withdrawn)" in first_broken(
        signed_again(with_file(forged.files, EVIDENCE, content))
    )


def test_many_withdrawals_of_which_the_record_keeps_the_latest() -> None:
    outside = FakeOutside()
    confirm(asking(ANNA, outside, number=1), outside)
    for number in range(25):
        outside.pass_time(timedelta(days=1))
        withdraw(ANNA, outside)
        confirm(asking(ANNA, outside, number=number + 2), outside)
    assert broken(bundle_of(outside).files) == []


def test_later_reports_of_a_mail() -> None:
    outside = FakeOutside()
    confirm(asking(ANNA, outside), outside)
    for status in ("Expanded", "Delivered"):
        outside.pass_time(timedelta(minutes=1))
        report(outside, status, at=outside.now())
    one = only(outside)
    assert one.mails[0].report == "Delivered"
    assert [entry.kind.value for entry in one.chain.entries].count("reported") == 2


def test_a_row_that_somebody_has_changed_in_the_table() -> None:
    """The bundle is signed by the installation itself; the chain in the row is not."""
    outside = FakeOutside()
    asked = asking(ANNA, outside)
    confirm(asked, outside)
    key = key_of(asked)
    stored = outside.table.records[key]
    forged = stored.value.model_copy(update={"privacy_policy_url": "https://other.example"})
    outside.table.records[key] = Versioned(value=forged, etag=stored.etag)
    said = [f"{check.what}: {check.found}" for check in broken(bundle_of(outside).files)]
    assert "entry 1 (asked): evidence.json shows something else than this entry has sealed" in said
    assert "asked: is shown, but no entry of the chain says so" in said


EVERYTHING = "".join(NASTY).encode("utf-8", "ignore").decode()


@settings(max_examples=4)  # each draws a PDF
@example(
    page=EVERYTHING,
    campaign=EVERYTHING,
    browser=EVERYTHING,
    consent=EVERYTHING,
    languages="ar",
    pdf=Language.GERMAN,
    confirmed=True,
)
@given(
    page=st.none() | whole_text,
    campaign=st.none() | whole_text,
    browser=st.none() | whole_text,
    consent=whole_text,
    languages=st.sampled_from(["de", "en", "ar", "zh-Hant"]),
    pdf=st.sampled_from(Language),
    confirmed=st.booleans(),
)
def test_whatever_people_write(  # noqa: PLR0917 - what hypothesis makes up
    page: str | None,
    campaign: str | None,
    browser: str | None,
    consent: str,
    languages: str,
    pdf: Language,
    confirmed: bool,  # noqa: FBT001 - likewise
) -> None:
    outside = FakeOutside()
    given_consent = GivenConsent(
        id="newsletter", language=languages, text=consent, version=version_of(consent)
    )
    asked = asking(
        ANNA,
        outside,
        source=Source(page_url=page, campaign=campaign),
        user_agent=browser,
        consents=(given_consent,),
    )
    (confirm if confirmed else journey.sign_up)(asked, outside)
    bundle = bundle_of(outside, language=pdf, draw=drawn)
    assert {check.about for check in broken(bundle.files)} == {PAPER}  # it is drawn, not words
    [one] = bundle.evidence.registrations
    assert one.source.page_url == page
    assert one.consents[0].text == consent
    assert json.loads(bundle.files[EVIDENCE])["address"] == ANNA
    assert len(PdfReader(io.BytesIO(bundle.files[PAPER])).pages) >= 3
