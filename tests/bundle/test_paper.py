"""What a judge reads in evidence.pdf."""

import io
import json
import re
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from cli.evidence.document import ErasedShown, Evidence
from cli.evidence.drawn import drawn, paper_of
from cli.evidence.manifest import EVIDENCE
from cli.evidence.paper import (
    words_of,
)
from cli.evidence.wording import FOLDER, Language, wording
from tests.bundle.reading import pages_of, text_of
from tests.bundle.worlds import bundle_of, busy, busy_outside, drawn_busy
from tests.examples import NOON


def fonts_of(page: PageObject) -> list[Any]:
    resources: Any = page["/Resources"]
    return [font.get_object() for font in resources["/Font"].values()]


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(drawn_busy().files["evidence.pdf"])


@pytest.mark.parametrize(
    "said",
    [
        "Proof of consent anna@example.com",
        # who, which form and page, when, from where
        "Registration 1: form “newsletter”",
        "Asked on 22 November 2026, 12:00:00 UTC",
        "https://www.contoso.example/newsletter.html",
        "Campaign spring",
        "Network address 203.0.113.7 Browser, as it said Browser/1.0",
        # the exact text, with language and version
        "Ich möchte den Contoso-Newsletter etwa einmal im Monat per E-Mail erhalten. Diese",
        "Version of the text (SHA-256) 807f819a40ed1dbb45eaaff9d6956b5689de3eb5993c2d985673e1da4fa",
        "Linked beside the form https://www.contoso.example/privacy.html",
        # the mail
        "Subject Bitte bestätigen Sie Ihre Newsletter-Anmeldung",
        "Handed over on 22 November 2026, 12:00:00 UTC",
        "Delivery report “Delivered” on 22 November 2026, 12:03:00 UTC",
        "Zum Bestätigen öffnen Sie bitte diesen Link und klicken auf der Seite auf die",
        # the confirmation
        "Confirmed on 22 November 2026, 12:03:00 UTC",
        "Network address 198.51.100.9 Browser, as it said Phone/2.0",
        "Code from the mail was not asked for",
        # Customer Insights
        "Journey started on 22 November 2026, 12:03:00 UTC",
        "(made new)",
        # the withdrawal
        "Withdrawn on 23 November 2026, 12:03:00 UTC",
        "with the unsubscribe button of a mail program (RFC 8058)",
        "In Customer Insights since 23 November 2026, 12:03:00 UTC",
        # LinkedIn
        "Lead 691c02e7-f7f0-430a-ae16-4fc7d76f61a6-5 Submitted on 22 November 2026, 11:59:00 UTC",
        "Newsletter (English) (id 7236142859205541889, version 1)",
        "Checkbox newsletter: ticked I want LinkedIn's wording of the Contoso newsletter.",
        "Legal text of the lead form: We ask for your confirmation.",
        # what it rests on, and what it cannot show
        "Fingerprint of its key 5ecf-0ae9-12bf-bb00-24d7-19f7-ba01-b88b",
        "Who sat in front of the screen.",
        "Whoever holds its secret key could sign another chain.",
    ],
)
def test_it_says(text: str, said: str) -> None:
    assert said in text


def test_it_names_ids_hashes_and_files(text: str) -> None:
    for one in drawn_busy().evidence.registrations:
        assert one.registration_id in text
        assert one.hand_over is not None
        assert one.hand_over.contact_id in text
        assert all(each in text for each in one.hand_over.consent_ids)
        assert all((entry.hash or "") in text for entry in one.chain.entries)
        assert all(
            (mail.message_id or "-") in text and (mail.file or "-") in text for mail in one.mails
        )


def test_each_page_has_its_number() -> None:
    pages = pages_of(drawn_busy().files["evidence.pdf"])
    assert len(pages) >= 5
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in page
        assert "Proof of consent of anna@example.com, made on 24 November 2026" in page


def test_it_is_an_archive_file_with_its_fonts_and_no_clock_of_its_own() -> None:
    reader = PdfReader(io.BytesIO(drawn_busy().files["evidence.pdf"]))
    made = datetime(2026, 11, 24, 13, 8, tzinfo=UTC)
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.xmp_create_date == made.replace(tzinfo=None)
    assert reader.xmp_metadata.xmp_modify_date == made.replace(tzinfo=None)
    assert reader.xmp_metadata.dc_title == {"x-default": "Proof of consent"}
    said = reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata.stream else ""
    assert 'pdfaid:part="2" pdfaid:conformance="B"' in said
    for page in reader.pages:
        for font in fonts_of(page):
            [descendant] = font["/DescendantFonts"]
            assert "/FontFile2" in descendant.get_object()["/FontDescriptor"]


def test_german() -> None:
    bundle = bundle_of(busy_outside(), language=Language.GERMAN, draw=drawn)
    text = text_of(bundle.files["evidence.pdf"])
    for said in (
        "Nachweis der Einwilligung anna@example.com",
        "Angefordert am 22. November 2026, 12:00:00 Uhr UTC",
        "Worin die Person eingewilligt hat",
        "mit der Abmelde-Schaltfläche eines E-Mail-Programms (RFC 8058)",
        "Seite 1 von",
        "Was er nicht zeigen kann",
    ):
        assert said in text
    assert "Proof" not in text


def test_network_addresses_whose_time_is_over_are_said_to_be_deleted() -> None:
    outside = busy_outside()
    outside.pass_time(timedelta(days=400))
    bundle = bundle_of(outside)
    said = words_of(paper_of(bundle.evidence, bundle.files))
    assert "203.0.113.7" not in said
    assert "until the key of that day was deleted" in said


def test_what_is_left_of_the_erased() -> None:
    evidence = busy().evidence
    first = evidence.registrations[0]
    erased = ErasedShown(
        registration_id=first.registration_id,
        form=first.form,
        address="ab" * 32,
        asked_at=first.asked_at,
        confirmed_at=first.confirmation.at if first.confirmation else None,
        erased_at=NOON + timedelta(days=30),
        until=NOON + timedelta(days=1000),
        chain=first.chain.without_facts(),
    )
    only = evidence.model_copy(update={"registrations": (), "erased": (erased,)})
    said = words_of(paper_of(only, {EVIDENCE: only.to_bytes()}))
    assert "Registrations that were erased" in said
    assert "ab" * 32 in said
    assert "Erased on\n22 December 2026, 12:00:00 UTC" in said
    assert (first.chain.entries[0].hash or "") in said
    assert "203.0.113.7" not in said
    assert "Ich möchte den Contoso-Newsletter" not in said


@pytest.mark.parametrize("language", Language)
def test_every_sentence_is_there_in_each_language_with_the_same_places(language: Language) -> None:
    english = wording(Language.ENGLISH).sentences
    other = wording(language).sentences
    assert list(other) == list(english)
    for name, sentence in other.items():
        assert _places(sentence) == _places(english[name]), name
        assert sentence.strip() == sentence


def _places(sentence: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(sentence) if place}


def test_every_sentence_is_used() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in FOLDER.parent.glob("*.py"))
    made_up = re.compile(r"^(mail\.kind|chain\.kind|rests|check|limits|confirmation\.code|chain)\.")
    unused = [
        name
        for name in json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
        if f'"{name}"' not in code and not made_up.match(name)
    ]
    assert unused == []


def test_a_text_with_braces_is_no_place() -> None:
    outside = busy_outside()
    bundle = bundle_of(outside)
    address = "{page}{x}{nb}@example.com"
    evidence: Evidence = bundle.evidence.model_copy(update={"address": address})
    pages = pages_of(drawn(evidence, bundle.files))
    assert all(address in page for page in pages)
