"""Every log query is KQL, and only asks for what the app tells."""

import re
from collections.abc import Mapping

import pytest

from shared.values.event_catalogue import CATALOGUE, Event, QueueDepth
from tests.monitoring.kql import Analysis, Query, analysed, events_named, facts_read, query_files

FILES = {query.name: query for query in query_files()}
LATENCY = FILES["latency_mail.kql"].text
# What the name of a query promises, and what Microsoft's parser says of a mistake in it.
MISTAKES = {
    "traces | where message startwith 'x'": "startwith",
    "traces | where mesage == 'x'": "mesage",
    "trace | count": "trace",
    "traces | summarize percentil(severityLevel, 50)": "percentil",
    "traces | extend e = parse_json(message | count": "Expected: )",
    "traces | summarize time = max(timestamp)": "needs to be bracketed",
    "_LogOperation | count": "_LogOperation",
}
CHANGES = {
    ('{"event":"mailed"', '{"event":"maild"'): ["maild"],
    ("e.seconds", "e.duration"): ["duration"],
    ("e.seconds", 'e["reason"]'): ["reason"],  # a fact, but not of this event
    ("e.form", "e.campaign"): ["campaign"],
}


def wrongly_asked(analysis: Analysis) -> list[str]:
    """Events that nobody tells, and facts that none of the query's events carries."""
    named = events_named(analysis.tokens)
    events = [Event(name) for name in named if name in set(Event)]
    known = {fact for event in events or Event for fact in CATALOGUE[event].facts} | {"event"}
    parts = set(QueueDepth.__annotations__)
    if analysis.query.name == "funnel.kql":
        parts = {"stage", "reached"}  # its own
    return sorted(
        (named - set(Event))
        | (facts_read(analysis.tokens) - known)
        | (facts_read(analysis.tokens, of="entry") - parts)
    )


@pytest.mark.parametrize("name", FILES)
def test_microsofts_parser_has_nothing_against_it(
    name: str, analyses: Mapping[str, Analysis]
) -> None:
    assert analyses[name].wrong == ()
    assert analyses[name].columns


@pytest.mark.parametrize("name", FILES)
def test_it_asks_for_events_and_facts_that_there_are(
    name: str, analyses: Mapping[str, Analysis]
) -> None:
    assert wrongly_asked(analyses[name]) == []


@pytest.mark.parametrize("query", FILES.values(), ids=FILES)
def test_its_first_line_says_what_it_answers(query: Query) -> None:
    first, *_ = query.text.splitlines()
    assert re.fullmatch(r"// [A-Z].{20,}", first)
    assert max(map(len, query.text.splitlines())) <= 110
    assert query.text.endswith("\n")


def test_what_is_charted_is_asked_for(analyses: Mapping[str, Analysis]) -> None:
    asked = {event for each in analyses.values() for event in events_named(each.tokens)}
    funnel = {"accepted", "mailed", "mail_report", "mail_bounced", "confirmed", "promoted"}
    assert funnel | {"declined", "expired", "failed", "queue_depth", "source_throttled"} <= asked


@pytest.fixture(scope="module")
def mistaken() -> Mapping[str, Analysis]:
    """What is wrong on purpose."""
    wrong = [Query(text, text) for text in MISTAKES]
    changed = [Query(str(change), LATENCY.replace(*change)) for change in CHANGES]
    lists = """traces | extend e = parse_json(message) | extend event = tostring(e.event)
        | where event in ("a", "b") or event == "c" or event !in ("d") // event == "comment"
        | where message startswith '{"event":"e"' and message startswith '{"event":"f'"""
    queries = [*wrong, *changed, Query("lists", lists)]
    return {each.query.name: each for each in analysed(queries)}


@pytest.mark.parametrize(("mistake", "said"), MISTAKES.items())
def test_a_mistake_is_noticed(mistake: str, said: str, mistaken: Mapping[str, Analysis]) -> None:
    wrong = mistaken[mistake].wrong
    assert any(said in sentence for sentence in wrong), wrong
    assert wrong[0].startswith(f"{mistake}:1:")


@pytest.mark.parametrize(("change", "noticed"), CHANGES.items())
def test_what_the_app_does_not_tell_is_noticed(
    change: tuple[str, str], noticed: list[str], mistaken: Mapping[str, Analysis]
) -> None:
    assert change[0] in LATENCY
    assert wrongly_asked(mistaken[str(change)]) == noticed


def test_names_in_lists_and_comparisons_are_read(mistaken: Mapping[str, Analysis]) -> None:
    assert events_named(mistaken["lists"].tokens) == {"a", "b", "c", "d", "e"}
