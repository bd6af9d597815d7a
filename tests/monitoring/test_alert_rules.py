"""The alert rules: each query runs where it is asked, each ERROR is watched and explained."""

import re
from collections.abc import Mapping

import pytest

from shared.values.event_catalogue import CATALOGUE, Event, Level
from tests.examples import ROOT
from tests.infra.bicep_functions import NotUnderstood
from tests.monitoring.alert_rules import SOURCE, parameters, rules, thresholds
from tests.monitoring.kql import QUERIES, Analysis, Query, analysed, events_named

RUNBOOKS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALL = {rule.name: rule for rule in rules()}
# https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule, and what the
# resource provider takes.
FREQUENCIES = ("PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT6H")
WINDOWS = (*FREQUENCIES, "P1D", "P2D")
NOT_IN_ALERTS = ("bag_unpack", "pivot", "narrow", "AggregatedValue")


@pytest.fixture(scope="module")
def analyses() -> Mapping[str, Analysis]:
    """The queries with other thresholds than the defaults."""
    other = dict.fromkeys(thresholds(), 77)
    queries = [Query(rule.name, rule.query, rule.runs_on) for rule in rules(other)]
    return {each.query.name: each for each in analysed(queries)}


def minutes(duration: str) -> int:
    days, hours, rest = re.fullmatch(r"P(?:(\d)D)?T?(?:(\d)H)?(?:(\d+)M)?", duration).groups()  # type: ignore[union-attr] # checked above
    return int(days or 0) * 1440 + int(hours or 0) * 60 + int(rest or 0)


def test_the_module_has_these_parameters() -> None:
    given = [name for name, each in parameters().items() if not each.has_value]
    assert given == [
        "location",
        "tags",
        "namePrefix",
        "applicationInsightsId",
        "logAnalyticsWorkspaceId",
        "alertEmails",
        "linkedInEnabled",
        "mailProvider",
    ]
    for name in parameters():
        assert re.search(rf"@description\('.+'\)\n(@.*\n|  .*\n|\]\)\n)*param {name} ", SOURCE), (
            name
        )


@pytest.mark.parametrize("name", ALL)
def test_the_query_runs_and_has_the_columns_that_split_it(
    name: str, analyses: Mapping[str, Analysis]
) -> None:
    analysis = analyses[name]
    assert analysis.wrong == ()
    for column in ALL[name].columns:
        assert analysis.columns[column] == "string"
    assert not [word for word in NOT_IN_ALERTS if word in analysis.tokens]
    for argument in re.findall(r"ago\((.*?)\)", analysis.query.text):
        assert re.fullmatch(r"\d+[mhd]", argument)  # alerts take no other


@pytest.mark.parametrize("name", ALL)
def test_times_are_those_that_azure_takes(name: str) -> None:
    rule = ALL[name]
    assert rule.frequency in FREQUENCIES
    assert rule.window in WINDOWS
    assert minutes(rule.frequency) <= minutes(rule.window)
    assert rule.severity in range(5)
    if rule.mute:
        assert rule.mute in WINDOWS
        # What happened is in two looks, so that a late line is not missed, and is told once.
        assert minutes(rule.window) >= 2 * minutes(rule.frequency)
        assert minutes(rule.mute) >= minutes(rule.window)


@pytest.mark.parametrize("name", ALL)
def test_the_alert_says_what_to_do(name: str) -> None:
    rule = ALL[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert rule.text.endswith(".")
    assert len(rule.text) > 60
    assert rule.title[0].isupper()


@pytest.mark.parametrize("name", ALL)
def test_operators_find_it_in_the_documentation(name: str) -> None:
    row = rf"^\| \[`{name}`\]\(#alert-{name}\) \| (\d) \|"
    [severity] = re.findall(row, RUNBOOKS, re.MULTILINE)
    assert int(severity) == ALL[name].severity


@pytest.mark.parametrize("name", ALL)
def test_the_runbook_that_the_alert_names_is_there(name: str) -> None:
    assert f"alert-{name}" in anchors(RUNBOOKS)


def test_anchors_are_those_of_headings() -> None:
    text = '# Operations\n## Alert: poison-waiting\n### `alert-failures`\n<a id="alert-x"></a>\n'
    assert anchors(text) == {"operations", "alert-poison-waiting", "alert-failures", "alert-x"}


def anchors(markdown: str) -> set[str]:
    """As GitHub makes them, and explicit ones."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    return slugs | set(re.findall(r'<a (?:id|name)="([^"]+)"', markdown))


def test_each_alert_has_a_query_of_its_own_and_each_query_an_alert() -> None:
    files = {path.stem for path in QUERIES.glob("alert_*.kql")}
    assert files == {f"alert_{name.replace('-', '_')}" for name in ALL}
    for name, rule in ALL.items():
        file = QUERIES / f"alert_{name.replace('-', '_')}.kql"
        assert rule.query == file.read_text(encoding="utf-8")  # the defaults are the same


def test_every_error_is_watched(analyses: Mapping[str, Analysis]) -> None:
    """By a rule of its own, or by the one for all others, which leaves just those out."""
    named = {name: events_named(each.tokens) for name, each in analyses.items()}
    left_out = named.pop("other-alarms")
    errors = {event for event, each in CATALOGUE.items() if Level.ERROR in each.levels}
    assert left_out <= errors
    own = {Event(event) for events in named.values() for event in events}
    # Poison is watched as a state: each message tells it once, the watch as long as it lies there.
    assert left_out - own == {Event.POISONED}
    assert Event.POISON_WAITING in own


def test_thresholds_reach_the_queries() -> None:
    few = {"bouncePercent": 7, "leastMailsForBounces": 11, "leastMailsForConfirmations": 12}
    queries = {rule.name: rule.query for rule in rules(few)}
    assert "let bounce_percent = 7;\nlet least_mails = 11;" in queries["bounces"]
    assert "let least_mails = 12;" in queries["no-confirmations"]
    before = {rule.query for rule in rules()}
    for name in thresholds():
        assert len({rule.query for rule in rules({name: 77})} - before) == 1, name


def test_rules_without_a_subject_are_left_out() -> None:
    website_only = rules({"linkedInEnabled": False, "mailProvider": "smtp"})
    without = {"bounces", "lead-parked"} | {name for name in ALL if name.startswith("linkedin")}
    assert set(ALL) - {rule.name for rule in website_only} == without


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'let least_rests = 3;'", "'let least_rests = 4;'", "has to be there"),
        ("concat(rules, ", "union(rules, ", "union"),
    ],
)
def test_a_rule_that_would_not_be_what_it_says_is_noticed(old: str, new: str, said: str) -> None:
    assert SOURCE.count(old) == 1
    with pytest.raises((AssertionError, NotUnderstood), match=said):
        rules(source=SOURCE.replace(old, new))
