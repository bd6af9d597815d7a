"""docs/privacy.md says what is stored, where and for how long: all of it, and nothing else."""

import re
from datetime import timedelta

from pydantic.alias_generators import to_camel

from local.storage_setup import QUEUES, TABLES
from shared.funnel import KEPT_FOR as FUNNEL_KEPT_FOR
from shared.lead_tidying import KEPT_FOR
from shared.settings import Settings
from shared.values.base import Value
from shared.values.erased import ErasureProof
from shared.values.form import Form
from shared.values.lead_row import LeadRow
from shared.values.mail_budget import DAY, MailboxRow
from shared.values.record import Record
from shared.values.source_budget import LONGEST_WAIT
from tests.examples import ROOT

TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """From its heading to the next of the same rank."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def columns(kind: type[Value]) -> set[str]:
    return {to_camel(name) for name in kind.model_fields}


def names_in(text: str) -> list[str]:
    return re.findall(r"`([a-z]\w*)`", text)


def test_every_table_and_queue_has_its_row() -> None:
    places = [row[0] for row in rows(section("What is stored where"))]
    tables = [name for place in places for name in re.findall(r"^table `([\w-]+)`", place)]
    queues = [name for place in places for name in re.findall(r"^queue `([\w-]+)`", place)]
    assert set(tables) == set(TABLES)
    assert queues == list(QUEUES)


def test_every_column_of_a_record_is_named_once() -> None:
    table = section("What is stored where").partition("A record's columns:")[2]
    named = [
        name for row in rows(table.partition("Outside of the app:")[0]) for name in names_in(row[0])
    ]
    assert sorted(named) == sorted(columns(Record))


def test_every_column_of_the_other_rows_is_named() -> None:
    by_place = {row[0]: row[1] for row in rows(section("What is stored where"))}
    mailbox = next(text for place, text in by_place.items() if "row `address`" in place)
    assert set(names_in(mailbox)) == columns(MailboxRow)
    proof = next(text for place, text in by_place.items() if "`proof-…`" in place)
    assert set(names_in(proof)) == columns(ErasureProof)
    assert set(names_in(by_place["table `leads`"])) == columns(LeadRow)


def default(name: str) -> int:
    return int(next(f.default for f in Settings.model_fields.values() if f.alias == name))


def from_infra(file: str, pattern: str) -> int:
    found = re.search(pattern, (ROOT / "infra" / file).read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def test_every_period_is_the_code_s() -> None:
    form = Form.model_fields
    expected = {
        "a link in a mail is valid": form["link_lifetime"].default,
        "an unconfirmed registration": form["forgotten_after"].default,
        "a registration that failed": form["forgotten_after"].default,
        "no mail after": timedelta(days=default("DOI_SUPPRESSION_DAYS")),
        "network addresses and browsers": timedelta(days=default("DOI_ORIGIN_DAYS")),
        "times of mails": DAY,
        "networks beyond": LONGEST_WAIT,
        "a lead's row": KEPT_FOR,
        "what is left of an erased": timedelta(days=default("DOI_PROOF_DAYS")),
        "openings of the decline link": timedelta(seconds=default("DOI_CODE_WINDOW_SECONDS")),
        "counts of the funnel": FUNNEL_KEPT_FOR,
        "logs": timedelta(days=from_infra("main.bicep", r"param logRetentionInDays int = (\d+)")),
        "deleted secrets": timedelta(
            days=from_infra("vault.bicep", r"softDeleteRetentionInDays: (\d+)")
        ),
    }
    told = {}
    for what, period, *_ in rows(section("How long"))[2:]:
        if number := re.fullmatch(r"(\d+) (days?|minutes)", period):
            unit = timedelta(minutes=1) if number[2] == "minutes" else timedelta(days=1)
            told[what] = int(number[1]) * unit
    assert len(told) == len(expected)
    for beginning, period in expected.items():
        assert [told[what] for what in told if what.startswith(beginning)] == [period], beginning


def test_what_sets_a_period_exists() -> None:
    setters = " ".join(row[2] for row in rows(section("How long"))[2:])
    settings = {field.alias for field in Settings.model_fields.values()}
    assert set(re.findall(r"`(DOI_\w+)`", setters)) <= settings
    assert set(re.findall(r"form's `(\w+)`", setters)) <= columns(Form)
    assert f"{default('DOI_MAILS_PER_ADDRESS_PER_DAY')} mails a day at most" in TEXT


def test_links_within_the_page_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= anchors
    for file in set(re.findall(r"\]\(([\w-]+\.md)", TEXT)):
        assert (ROOT / "docs" / file).is_file()
