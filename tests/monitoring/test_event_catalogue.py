"""The catalogue has what the code tells: no event, level or fact more, and none less."""

import ast
from collections import defaultdict
from typing import get_type_hints

import pytest

from shared.values.about import About
from shared.values.event_catalogue import CATALOGUE, Event, Facts, Level
from tests.monitoring.emitted import NotReadable, deployed_files, emitted, emitted_in

# What a registration is told by from its first event to its last.
LIFE = {
    Event.ACCEPTED,
    Event.MAILED,
    Event.MAIL_REPORT,
    Event.MAIL_BOUNCED,
    Event.MAIL_WITHHELD,
    Event.CONFIRMED,
    Event.CONTACT_WRITTEN,
    Event.PROMOTED,
    Event.DECLINED,
    Event.EXPIRED,
    Event.NEVER_MAILED,
    Event.POISONED,
    Event.FAILED,
}


def test_every_event_is_described() -> None:
    assert list(CATALOGUE) == list(Event)


def test_each_event_is_told_as_the_catalogue_says() -> None:
    levels: defaultdict[Event, set[Level]] = defaultdict(set)
    facts: defaultdict[Event, set[str]] = defaultdict(set)
    for emission in emitted():
        levels[emission.event] |= emission.levels
        facts[emission.event] |= emission.facts
    assert levels == {event: set(each.levels) for event, each in CATALOGUE.items()}
    for event, described in CATALOGUE.items():
        unused = set(described.facts) - facts[event]
        unknown = facts[event] - set(described.facts) - set(About._fields)
        assert (event, unused, unknown) == (event, set(), set())


def test_what_an_event_is_about_is_described() -> None:
    about = {each.event for each in emitted() if each.told_about}
    described = {event for event, each in CATALOGUE.items() if "registration" in each.facts}
    assert about == described


@pytest.mark.parametrize("event", sorted(LIFE))
def test_the_life_of_a_registration_can_be_charted_by_form_and_source(event: Event) -> None:
    assert {"registration", "form", "source"} <= set(CATALOGUE[event].facts)


def test_each_fact_has_a_meaning_and_an_event() -> None:
    of_events = {fact for each in CATALOGUE.values() for fact in each.facts}
    known = set(get_type_hints(Facts)) | set(About._fields)
    assert of_events == known
    for hint in get_type_hints(Facts, include_extras=True).values():
        assert hint.__metadata__[0]


def test_whatever_somebody_has_to_look_at_says_what_to_do() -> None:
    for event, described in CATALOGUE.items():
        assert described.means.endswith("."), event
        assert bool(described.act) == (Level.ERROR in described.levels), event


def test_nobody_logs_past_the_catalogue() -> None:
    for path in deployed_files():
        source = path.read_text(encoding="utf-8")
        told_elsewhere = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger"
        }
        allowed = {
            "events.py": {"logging.getLogger('doi')"},
            # The SDKs are told to be quiet.
            "doctor.py": {"logging.getLogger('azure')"},
            "wiring.py": {"logging.getLogger('azure')"},
        }
        assert told_elsewhere <= allowed.get(path.name, set()), path


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("events.note('accepted', about)", "as Event.NAME"),
        ("events.note(Event.ACCEPTED, **facts)", "no \\*\\*"),
        ("events.note()", "as Event.NAME"),
        ("tell = events.warn if bad else events.note", "where it is named"),
        ("_failed(events.alarm)", "where it is named"),
    ],
)
def test_what_cannot_be_read_from_the_source_is_refused(source: str, wrong: str) -> None:
    with pytest.raises(NotReadable, match=wrong):
        list(emitted_in(source, "made_up.py"))


def test_an_event_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(KeyError):
        list(emitted_in("events.note(Event.MADE_UP)", "made_up.py"))


def test_both_ways_of_one_call_are_read() -> None:
    source = "(events.note if ok else events.warn)(Event.LINKEDIN_CALL, status=200)"
    [emission] = emitted_in(source, "made_up.py")
    assert emission.levels == {Level.INFO, Level.WARNING}
    assert emission.facts == {"status"}
