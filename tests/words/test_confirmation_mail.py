import email
import email.policy
import re
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from shared.mail.confirmation_mail import MailComposer
from shared.texts.catalogue import catalogue
from shared.values.colour import contrast
from shared.values.confirmation_code import confirmation_code, spaced
from shared.values.confirmation_token import Purpose
from shared.values.form import Form
from shared.values.lead_snapshot import LeadSnapshot
from shared.values.mail import Mail
from shared.values.record import Record
from shared.values.record_notes import MailKind
from shared.values.registration import GivenConsent, Source
from tests.examples import NOON, PEPPER
from tests.words.samples import (
    LANGUAGES,
    PUBLIC_URL,
    TOKENS,
    form,
    form_in,
    record_in,
    write_arabic_catalogue,
)


def compose(
    record: Record,
    asked_form: Form | None = None,
    kind: MailKind = MailKind.CONFIRMATION,
    number: int = 1,
    at: datetime = NOON,
) -> Mail:
    return MailComposer(PUBLIC_URL, TOKENS, PEPPER)(record, asked_form or form(), kind, number, at)


def soup(mail: Mail) -> BeautifulSoup:
    return BeautifulSoup(mail.html, "html.parser")


def links_in_text(mail: Mail) -> list[str]:
    return [line for line in mail.text.split("\n") if "://" in line]


def links_in_html(mail: Mail) -> list[str]:
    return [str(link["href"]) for link in soup(mail).find_all("a")]


def token_of(link: str) -> str:
    (token,) = parse_qs(urlsplit(link).query)["token"]
    return token


def test_there_are_exactly_two_links_and_they_name_the_record() -> None:
    mail = compose(record_in("de"))
    confirm, decline = links_in_html(mail)
    assert links_in_text(mail) == [confirm, decline]
    assert confirm.startswith(f"{PUBLIC_URL}/api/confirm?token=")
    assert decline.startswith(f"{PUBLIC_URL}/api/decline?token=")
    assert len(re.findall(r"https?:", mail.html + mail.text)) == 4
    for purpose, link in ((Purpose.CONFIRM, confirm), (Purpose.DECLINE, decline)):
        token = TOKENS.read(purpose, token_of(link))
        assert (token.key, token.form, token.locale) == (record_in("de").key, "newsletter", "de")
        assert token.issued_at == NOON


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_stand_alone_on_a_line_and_survive_the_wire(language: str) -> None:
    mail = compose(record_in(language), form_in(language))
    sent = EmailMessage()
    sent.set_content(mail.text)
    received = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
    assert isinstance(received, EmailMessage)
    lines = received.get_content().splitlines()
    for link in links_in_html(mail):
        at = lines.index(link)
        assert lines[at - 1] == ""
        assert lines[at + 1] == ""


def test_nothing_is_loaded_run_or_tracked() -> None:
    page = soup(compose(record_in("de")))
    assert page.find(["img", "script", "link", "iframe", "svg", "object", "video", "form"]) is None
    assert not [tag for tag in page.select("*") if tag.has_attr("src")]
    styles = str(page.find("style")) + "".join(str(t.get("style", "")) for t in page.select("*"))
    assert "url(" not in styles
    assert "@import" not in styles


NASTY = "<a href='https://spam.example'>Win now</a>\r\nBcc: victim@example.com"


def test_nothing_that_a_stranger_typed_appears() -> None:
    record = record_in(
        "de",
        email="win-a-prize@victim.example",
        answers={"email": "win-a-prize@victim.example", "firstName": NASTY, "lastName": "Spammer"},
        source=Source(page_url="https://spam.example/page", campaign="campaign-of-spam"),
        user_agent="Agent of spam",
        asked_from="203.0.113.99",
    )
    mail = compose(record)
    everything = f"{mail.subject}\n{mail.text}\n{mail.html}\n{mail.headers}".lower()
    for typed in ("spam", "win now", "win-a-prize", "victim", "bcc", "203.0.113.99"):
        assert typed not in everything
    assert mail.to == "win-a-prize@victim.example"


def test_the_consent_stands_there_word_for_word() -> None:
    given = tuple(
        GivenConsent(id=name, language="de", text=text, version="v")
        for name, text in (
            ("one", 'Ja, „A & B" <dürfen>\nmir schreiben {limit}.'),
            ("two", "Auch am Telefon."),
        )
    )
    mail = compose(record_in("de", consents=given))
    quoted = [quote.get_text() for quote in soup(mail).find_all("blockquote")]
    assert quoted == [consent.text for consent in given]
    for consent in given:
        assert f"\n\n{consent.text}\n\n" in mail.text
    assert "<dürfen>" not in mail.html


def test_without_a_consent_nothing_is_declared() -> None:
    mail = compose(record_in("de", consents=()))
    declares = catalogue("de").mail.declares
    assert declares not in mail.text
    assert declares not in mail.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_when_where_until_when_and_who(language: str) -> None:
    asked_form = form_in(language)
    mail = compose(record_in(language), asked_form)
    texts = catalogue(language).mail
    shown = soup(mail).body
    assert shown is not None
    for body in (mail.text, shown.get_text()):
        assert asked_form.mail.text[language] in body
        assert asked_form.company.imprint[language] in body
        assert "www.contoso.example" in body
        assert "2026" in body
        assert body.count("UTC") == 2
        for sentence in (texts.declares, texts.to_confirm, texts.ignore, texts.to_decline):
            assert sentence in body
        assert "{" not in body
    assert mail.subject == asked_form.mail.subject[language]
    assert mail.language == language


def test_times_are_utc_to_the_second_in_the_person_s_language() -> None:
    tokyo = timezone(timedelta(hours=9))
    record = record_in("de", asked_at=datetime(2026, 3, 1, 8, 15, 7, tzinfo=tokyo))
    mail = compose(record, at=datetime(2026, 3, 1, 8, 16, 9, tzinfo=tokyo))
    assert "am 28. Februar 2026 um 23:15:07 Uhr (UTC)" in mail.text
    assert "bis zum 3. März 2026 um 23:16:09 Uhr (UTC)" in mail.text


def test_a_lead_is_told_when_and_where_it_signed_up() -> None:
    lead = LeadSnapshot(
        lead_id="1",
        consents=(),
        hidden_fields={},
        submitted_at=NOON - timedelta(days=1),
        fetched_at=NOON,
        api_version="202607",
        test_lead=False,
    )
    text = compose(record_in("en", lead=lead)).text
    assert "made on November 21, 2026 at 12:00:00" in text.replace("\u202f", " ")
    assert "at linkedin.com." in text
    assert "www.contoso.example" not in text.partition("/api/confirm")[0]
    unknown = lead.model_copy(update={"submitted_at": None})
    assert "November 22" in compose(record_in("en", lead=unknown)).text


@pytest.mark.parametrize(
    ("kind", "forgotten_after_mail", "valid_for"),
    [
        # The form's link lifetime is three days, its forgetting time seven.
        (MailKind.CONFIRMATION, timedelta(days=7), timedelta(days=3)),
        # A renewal keeps the record for seven days more, so its link lasts.
        (MailKind.RENEWAL, timedelta(days=1), timedelta(days=3)),
        # A reminder does not: its link ends with the record.
        (MailKind.REMINDER, timedelta(days=1), timedelta(days=1)),
        (MailKind.REMINDER, timedelta(days=5), timedelta(days=3)),
    ],
)
def test_the_link_is_valid_until_its_lifetime_or_the_record_ends(
    kind: MailKind, forgotten_after_mail: timedelta, valid_for: timedelta
) -> None:
    mail = compose(record_in("de", forget_at=NOON + forgotten_after_mail), kind=kind)
    end = NOON + valid_for
    assert f"bis zum {end.day}. November 2026 um 12:00:00 Uhr (UTC)" in mail.text


@pytest.mark.parametrize("kind", [MailKind.RENEWAL, MailKind.REMINDER])
def test_reminder_and_renewal_differ_by_one_sentence(kind: MailKind) -> None:
    first, again = compose(record_in("de")), compose(record_in("de"), kind=kind)
    texts = catalogue("de").mail
    sentence = texts.renewal if kind is MailKind.RENEWAL else texts.reminder
    assert again.text.replace(f"{sentence}\n\n", "") == first.text
    assert again.text.count(sentence) == again.html.count(sentence) == 1
    assert again.subject == first.subject


def test_headers_say_automatic_and_not_list_mail() -> None:
    assert compose(record_in("de")).headers == {"Auto-Submitted": "auto-generated"}


def test_the_same_mail_has_the_same_ids_and_another_has_others() -> None:
    first, again, second = (compose(record_in("de"), number=number) for number in (1, 1, 2))
    assert first == again
    assert first.operation_id != second.operation_id
    assert first.message_id == f"<{first.operation_id}@contoso.example>"


def test_sender_and_reply_to_are_the_form_s() -> None:
    mail = compose(record_in("de"))
    assert (mail.sender, mail.sender_name, mail.reply_to, mail.to) == (
        "newsletter@contoso.example",
        "Contoso",
        "privacy@contoso.example",
        "anna@example.com",
    )


def test_a_language_that_the_form_lost_falls_back_to_its_first() -> None:
    mail = compose(record_in("de"), form_in("fr", "en"))
    assert mail.language == "fr"
    assert TOKENS.read(Purpose.CONFIRM, token_of(links_in_html(mail)[0])).locale == "fr"
    # The consent stays as it was given, and says so to a screen reader.
    quote = soup(mail).find("blockquote")
    assert quote is not None
    assert quote["lang"] == "de"


def test_it_reads_from_right_to_left_where_the_language_does(tmp_path: Path) -> None:
    composer = MailComposer(PUBLIC_URL, TOKENS, PEPPER, write_arabic_catalogue(tmp_path))
    mail = composer(record_in("ar"), form_in("ar"), MailKind.CONFIRMATION, 1, NOON)
    page = soup(mail)
    assert page.html is not None
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert [tag["dir"] for tag in page.find_all(["div", "blockquote"])] == ["rtl", "rtl"]
    assert len(links_in_text(mail)) == len(links_in_html(mail)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_stands_in_one_short_line(language: str) -> None:
    record = record_in(language)
    mail = compose(record, form_in(language))
    code = confirmation_code(PEPPER, record.registration_id, NOON)
    line = catalogue(language).mail.code.format(code=spaced(code))
    assert len(line) <= 60
    assert line.endswith(spaced(code))
    assert f"\n\n{line}\n\n" in mail.text
    assert [p.get_text() for p in soup(mail).find_all("p") if spaced(code) in p.get_text()] == [
        line
    ]


def test_the_code_is_that_of_the_mail_s_link() -> None:
    record, later = record_in("de"), NOON + timedelta(days=1)
    first, again, renewed = compose(record), compose(record), compose(record, at=later)
    assert first.text == again.text
    for mail in (first, renewed):
        token = TOKENS.read(Purpose.CONFIRM, token_of(links_in_html(mail)[0]))
        code = confirmation_code(PEPPER, record.registration_id, token.issued_at)
        assert spaced(code) in mail.text
    assert spaced(confirmation_code(PEPPER, record.registration_id, NOON)) not in renewed.text


@pytest.mark.parametrize("colour", ["#0b5c8e", "#ffe600", "#111111", "#ffffff"])
def test_the_button_can_be_read_in_every_company_colour(colour: str) -> None:
    page = soup(compose(record_in("de"), form(colour=colour)))
    cell, link = page.select_one("td.button"), page.select_one("td.button a")
    assert cell is not None
    assert link is not None
    ink = re.search(r"(?:^|;)color:(#\w+)", str(link["style"]))
    edge = re.search(r"border:2px solid (#\w+)", str(cell["style"]))
    assert ink
    assert edge
    assert cell["bgcolor"] == colour
    assert contrast(ink[1], colour) >= 4.5
    assert contrast(edge[1], "#ffffff") >= 3.0
