"""The operator's page and the funnel's report: safe, without a script, with words for every bar."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup

from shared.desk import Desk, look
from shared.ports import Versioned
from shared.values.age import age_text
from shared.values.funnel import FunnelRow, Move, Step
from shared.values.funnel_summary import FormFunnel, funnels_of
from shared.values.lead_row import LeadRow, LeadState
from shared.values.messages import PromotionMessage
from shared.web.desk_page import Asked, desk_page
from shared.web.funnel_chart import chart_of
from shared.web.funnel_report import funnel_report
from shared.web.page import Page
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.leads.worlds import connected

TODAY = NOON.date()
KEY = key_of(registration())
COUNTS = {
    Step.ACCEPTED: 8,
    Step.MAILED: 8,
    Step.DELIVERED: 7,
    Step.BOUNCED: 1,
    Step.CONFIRMED: 4,
    Step.PROMOTED: 4,
    Step.EXPIRED: 2,
}


def full() -> FakeOutside:
    """With everything that the page can show."""
    outside = connected()
    moves = tuple(
        Move(registration=registration(number=number).id, step=step, at=NOON)
        for number, step in enumerate(Step, start=1)
    )
    row = FunnelRow(day=TODAY, form="newsletter", by="a", counts=COUNTS, latest=moves)
    other = FunnelRow(day=TODAY - timedelta(days=3), form="old", by="a", counts={Step.ACCEPTED: 1})
    outside.funnel.save([row, other])
    message = PromotionMessage(mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id)
    for _ in range(40):
        outside.queues.put("promotions-poison", message.failed("no such trigger").to_json())
    outside.queues.put("registrations-poison", "{}")
    for number in range(25):
        lead = LeadRow(
            lead=f"lead-{number}",
            registration_id=KEY.registration_id,
            state=LeadState.PARKED,
            noted_at=NOON,
        )
        outside.lead_rows.save(Versioned(value=lead, etag=None))
    return outside


def silent() -> FakeOutside:
    outside = full()
    outside.queues.down = outside.funnel.down = outside.lead_rows.down = True
    return outside


WORLDS = {"empty": FakeOutside, "full": full, "silent": silent}
ASKED = Asked(code="the-key", refresh=5, replayed=1, left=1)


def pages() -> dict[str, Page]:
    desks: dict[str, Desk] = {name: look(world()) for name, world in WORLDS.items()}
    return {name: desk_page(desk, ASKED, PUBLIC_URL) for name, desk in desks.items()}


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_safe_and_private(name: str) -> None:
    page = PAGES[name]
    shown = BeautifulSoup(page.html, "html.parser")
    assert shown.style
    digest = b64encode(sha256(shown.style.decode_contents().encode()).digest()).decode()
    assert page.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["Cache-Control"] == "no-store"
    # The key in the address is told to no other site; the desk's own post says where it is from.
    assert page.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "html", [*(page.html for page in PAGES.values()), funnel_report([], TODAY, NOON)]
)
def test_no_script_and_nothing_loaded(html: str) -> None:
    shown = BeautifulSoup(html, "html.parser")
    assert shown.find(["script", "img", "link", "iframe", "object", "base"]) is None
    attributes = {name for tag in shown.select("*") for name in tag.attrs}
    assert not {name for name in attributes if name in {"style", "src"} or name.startswith("on")}
    assert "url(" not in str(shown.style)


VOID = {"meta", "input", "br"}


class Balanced(HTMLParser):
    """Every element is closed by its own end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - of the parser
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """`<rect/>`: closed already."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", PAGES)
def test_the_html_is_well_formed(name: str) -> None:
    parser = Balanced()
    parser.feed(PAGES[name].html)
    assert parser.open == []
    shown = BeautifulSoup(PAGES[name].html, "html.parser")
    ids = [str(tag["id"]) for tag in shown.select("[id]")]
    assert len(ids) == len(set(ids))
    for section in shown.select("[aria-labelledby]"):
        assert section["aria-labelledby"] in ids


def test_every_drawing_is_decoration_or_has_words() -> None:
    for drawing in BeautifulSoup(PAGES["full"].html, "html.parser").select("svg"):
        hidden = drawing.find_parent(attrs={"aria-hidden": "true"}) or drawing.get("aria-hidden")
        assert hidden or (drawing["role"] == "img" and drawing["aria-label"])


def test_every_button_says_of_what() -> None:
    names = [
        b.get_text() for b in BeautifulSoup(PAGES["full"].html, "html.parser").select("button")
    ]
    assert "Replay all of promotions" in names
    assert f"Replay {KEY.registration_id}" in names


def test_what_does_not_fit_is_counted() -> None:
    told = " ".join(BeautifulSoup(PAGES["full"].html, "html.parser").get_text(" ").split())
    assert "promotions-poison: 40 messages" in told
    assert "8 more are not shown" in told
    assert "5 more: doi linkedin leads parked" in told


def chart(**counts: int) -> FormFunnel:
    row = FunnelRow(
        day=TODAY, form="f", by="a", counts={Step(name): number for name, number in counts.items()}
    )
    [one] = funnels_of([row], [], TODAY - timedelta(days=2), TODAY)
    return one


def test_bars_are_as_long_as_their_counts() -> None:
    drawn = chart_of(chart(accepted=8, mailed=8, delivered=6, confirmed=4, promoted=2, bounced=2))
    assert [(s.name, s.count, s.width, s.share) for s in drawn.stages] == [
        ("accepted", 8, 100.0, "100%"),
        ("mailed", 8, 100.0, "100%"),
        ("delivered", 6, 75.0, "75%"),
        ("confirmed", 4, 50.0, "50%"),
        ("promoted", 2, 25.0, "25%"),
    ]
    assert drawn.aside == "2 bounced"
    assert [(c.accepted, c.confirmed) for c in drawn.columns] == [(0, 0), (0, 0), (100.0, 50.0)]
    assert drawn.spoken == "Columns by day. Most on 22 Nov: 8 accepted, 4 confirmed."


def test_no_bar_for_reports_that_no_provider_makes() -> None:
    names = [stage.name for stage in chart_of(chart(accepted=8, mailed=8, confirmed=4)).stages]
    assert names == ["accepted", "mailed", "confirmed", "promoted"]
    # A mail that bounced is a report, too: nothing arrived.
    assert "delivered" in [s.name for s in chart_of(chart(accepted=1, bounced=1)).stages]


def test_more_confirmed_than_accepted_does_not_overflow() -> None:
    drawn = chart_of(chart(accepted=1, confirmed=4))
    assert max(stage.width for stage in drawn.stages) == 100
    assert [s.share for s in drawn.stages if s.name == "confirmed"] == ["400%"]
    only_late = chart_of(chart(confirmed=4))
    assert {stage.share for stage in only_late.stages} == {""}
    assert max(column.confirmed for column in only_late.columns) == 100


def test_nothing_at_all() -> None:
    drawn = chart_of(chart())
    assert drawn.columns == ()
    assert {stage.width for stage in drawn.stages} == {0.0}


def test_the_report_has_every_form_and_day() -> None:
    rows = [
        FunnelRow(day=TODAY, form="newsletter", by="a", counts=COUNTS),
        FunnelRow(day=TODAY - timedelta(days=1), form="<b>", by="a", counts=COUNTS),
    ]
    html = funnel_report(funnels_of(rows, [], TODAY - timedelta(days=9), TODAY), TODAY, NOON)
    shown = BeautifulSoup(html, "html.parser")
    assert [h.get_text() for h in shown.select("h2")] == ["<b>", "newsletter"]
    assert shown.select("details tbody tr th")[1].get_text() == TODAY.isoformat()
    parser = Balanced()
    parser.feed(html)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (172800, "2 days"),
    ],
)
def test_ages(seconds: int, told: str) -> None:
    assert age_text(seconds) == told
