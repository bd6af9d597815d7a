"""`doi linkedin leads`, in front of the LinkedIn simulator."""

import json
from datetime import timedelta

import pytest
import typer

from cli.since import since
from shared.ports import Versioned
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.numbers import to_milliseconds
from tests.cli.operated_linkedin import (
    ACCOUNT,
    DONE,
    NOT_ALL_DONE,
    NOTHING_FOUND,
    PAGE,
    WRONG_USAGE,
    Operated,
    printed,
)
from tests.examples import NOON

QUEUE = "linkedin-leads"
ANNA = "anna@example.com"


def announced(operated: Operated) -> list[str]:
    """Ids of the leads that the app was told of, in order."""
    return [json.loads(body)["lead"] for body in operated.outside.queues.bodies(QUEUE)]


def days_ago(days: int) -> int:
    return to_milliseconds(NOON - timedelta(days=days))


def park(operated: Operated, lead: str, reason: str = "option_unknown at /fields/x") -> LeadRow:
    row = LeadRow(
        lead=lead,
        registration_id=f"00000000-0000-8000-8000-{len(operated.outside.lead_rows.rows):012d}",
        state=LeadState.PARKED,
        noted_at=NOON - timedelta(hours=len(operated.outside.lead_rows.rows)),
        owner=ACCOUNT,
        lead_type="SPONSORED",
        form="urn:li:leadGenForm:3162",
        our_form="newsletter",
        reasons=(reason,),
    )
    operated.outside.lead_rows.save(Versioned(value=row, etag=None))
    return row


def test_lost_leads_are_pulled_into_the_apps_queue(operated: Operated) -> None:
    lost = operated.api.lead(notification="lost", submittedAt=days_ago(3))
    operated.api.lead(notification="lost", submittedAt=days_ago(40))
    result = operated.doi("leads", "pull", "--since", "30d", "--json")
    assert result.exit_code == DONE, result.output
    assert printed(result) == {
        "since": "2026-10-23T12:00:00+00:00",
        "until": "2026-11-22T12:00:00+00:00",
        "sources": [
            {
                "owner": ACCOUNT,
                "leadType": "SPONSORED",
                "listed": 1,
                "new": 1,
                "unreadable": 0,
                "failure": None,
            }
        ],
    }
    assert announced(operated) == [lost]
    assert ANNA not in "".join(operated.outside.queues.bodies(QUEUE))


def test_pulling_twice_brings_a_lead_once(operated: Operated) -> None:
    lead = operated.api.lead(submittedAt=days_ago(1))
    for new in (1, 0):
        [source] = printed(operated.doi("leads", "pull", "--since", "2d", "--json"))["sources"]
        assert (source["listed"], source["new"]) == (1, new)
    assert announced(operated) == [lead]


def test_a_pull_for_people_names_the_sources(operated: Operated) -> None:
    operated.api.lead(submittedAt=days_ago(1))
    result = operated.doi("leads", "pull", "--since", "2026-11-01", "--owner", PAGE)
    assert result.exit_code == DONE, result.output
    assert "leads since 2026-11-01 00:00 UTC" in result.stdout
    for kind in ("COMPANY", "EVENT", "ORGANIZATION_PRODUCT"):
        assert kind in result.stdout
    assert "SPONSORED" not in result.stdout


def test_one_source_that_fails_does_not_keep_the_others(operated: Operated) -> None:
    operated.api.settings(pageRole="CONTENT_VIEWER")  # enough for all but leads of events
    result = operated.doi("leads", "pull", "--since", "1d", "--owner", PAGE, "--json")
    assert result.exit_code == NOT_ALL_DONE
    failures = {one["leadType"]: one["failure"] for one in printed(result)["sources"]}
    assert failures["COMPANY"] is failures["ORGANIZATION_PRODUCT"] is None
    assert "ADMINISTRATOR" in failures["EVENT"]
    people = operated.doi("leads", "pull", "--since", "1d", "--owner", PAGE)
    assert f"{PAGE} EVENT: not all of them: LinkedIn, reading leads" in people.stderr


def test_a_pull_that_dies_midway_keeps_what_it_found(operated: Operated) -> None:
    for number in range(101):  # one more than a page
        operated.api.lead(submittedAt=days_ago(1) + number)
    operated.api.fault(match="GET leadFormResponses", status=503, times=2)
    [source] = printed(operated.doi("leads", "pull", "--since", "2d", "--json"))["sources"]
    assert (source["new"], "503" in source["failure"]) == (0, True)
    operated.api.fault(match="GET nothing", status=503)
    operated.api.control("DELETE", "faults")
    [source] = printed(operated.doi("leads", "pull", "--since", "2d", "--json"))["sources"]
    assert (source["listed"], source["new"], source["failure"]) == (101, 101, None)
    assert len(set(announced(operated))) == 101


def test_a_lead_without_id_is_parked_once_and_mended_by_a_retry(operated: Operated) -> None:
    broken = operated.api.lead(override={"id": {"of": "a new kind"}}, submittedAt=days_ago(1))
    for _ in range(2):
        pulled = operated.doi("leads", "pull", "--since", "2d", "--json")
        assert pulled.exit_code == NOT_ALL_DONE
        [source] = printed(pulled)["sources"]
        assert (source["listed"], source["new"], source["unreadable"]) == (1, 0, 1)
    [row] = printed(operated.doi("leads", "parked", "--json"))
    assert row["lead"].startswith("no-id-")
    assert (row["owner"], row["leadType"]) == (ACCOUNT, "SPONSORED")
    assert row["reasons"][0].startswith("lead_unreadable: /id: ")
    assert "submitted at 2026-11-21T12:00:00+00:00" in row["reasons"][1]
    assert ANNA not in json.dumps(row)

    still = operated.doi("leads", "retry", "--id", row["lead"])
    assert (still.exit_code, announced(operated)) == (DONE, [])
    assert printed(operated.doi("leads", "parked", "--json")) == [row]

    operated.api.control("DELETE", f"leads/{broken}")
    mended = operated.api.lead(submittedAt=days_ago(1))
    assert operated.doi("leads", "retry", "--all", "--yes").exit_code == DONE
    assert announced(operated) == [mended]
    assert printed(operated.doi("leads", "parked", "--json")) == []


@pytest.mark.parametrize("given", ["nonsense", "30", "0d", "2027-01-01", ""])
def test_a_moment_that_is_none_is_wrong_usage(operated: Operated, given: str) -> None:
    assert operated.doi("leads", "pull", "--since", given).exit_code == WRONG_USAGE


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("1d", "2026-11-21T12:00:00+00:00"),
        ("12h", "2026-11-22T00:00:00+00:00"),
        ("2026-11-01", "2026-11-01T00:00:00+00:00"),
        ("2026-11-01T10:00+02:00", "2026-11-01T08:00:00+00:00"),
    ],
)
def test_moments(given: str, moment: str) -> None:
    assert since(given, NOON).isoformat() == moment
    with pytest.raises(typer.BadParameter):
        since("2026-11-22T12:00", NOON)


def test_nothing_is_parked(operated: Operated) -> None:
    result = operated.doi("leads", "parked")
    assert (result.exit_code, result.stdout) == (DONE, "No lead is parked.\n")
    assert printed(operated.doi("leads", "parked", "--json")) == []


def test_parked_leads_are_shown_with_their_reasons(operated: Operated) -> None:
    second, first = park(operated, "lead-b"), park(operated, "lead-a", "form_unknown: 9 [x]")
    result = operated.doi("leads", "parked")
    assert result.exit_code == DONE
    for shown in ("parked: 2", "lead-a", "form_unknown: 9 [x]", "option_unknown at /fields/x"):
        assert shown in result.stdout
    listed = printed(operated.doi("leads", "parked", "--json"))
    assert [one["lead"] for one in listed] == ["lead-a", "lead-b"]
    assert listed[1] == {
        "lead": "lead-b",
        "registration": second.registration_id,
        "notedAt": "2026-11-22T12:00:00+00:00",
        "owner": ACCOUNT,
        "leadType": "SPONSORED",
        "leadForm": "urn:li:leadGenForm:3162",
        "form": "newsletter",
        "reasons": ["option_unknown at /fields/x"],
    }
    assert listed[0]["registration"] == first.registration_id


@pytest.mark.parametrize("by", ["lead", "registration"])
def test_one_is_retried(operated: Operated, by: str) -> None:
    park(operated, "lead-a")
    row = park(operated, "lead-b")
    chosen = row.lead if by == "lead" else row.registration_id
    result = operated.doi("leads", "retry", "--id", chosen, "--json")
    assert result.exit_code == DONE
    assert [one["lead"] for one in printed(result)["retried"]] == ["lead-b"]
    assert announced(operated) == ["lead-b"]
    assert json.loads(operated.outside.queues.bodies(QUEUE)[0])["retry"] is True


def test_all_are_retried_after_a_question(operated: Operated) -> None:
    park(operated, "lead-a")
    park(operated, "lead-b")
    refused = operated.doi("leads", "retry", "--all", answer="n\n")
    assert (refused.exit_code, announced(operated)) == (NOT_ALL_DONE, [])
    result = operated.doi("leads", "retry", "--all", "--yes")
    assert result.exit_code == DONE
    assert "retried: 2" in result.stdout
    assert sorted(announced(operated)) == ["lead-a", "lead-b"]


def test_what_is_not_parked_is_said(operated: Operated) -> None:
    park(operated, "lead-a")
    result = operated.doi("leads", "retry", "--id", "lead-z")
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "No such lead is parked.\n")
    assert announced(operated) == []


@pytest.mark.parametrize("arguments", [(), ("--all", "--id", "x", "--yes")])
def test_wrong_usage_does_nothing(operated: Operated, arguments: tuple[str, ...]) -> None:
    park(operated, "lead-a")
    assert operated.doi("leads", "retry", *arguments).exit_code == WRONG_USAGE
    assert announced(operated) == []


def test_storage_that_is_down_is_told(operated: Operated) -> None:
    operated.outside.lead_rows.down = True
    result = operated.doi("leads", "parked")
    assert (result.exit_code, result.stdout) == (5, "")
    assert "table leads: down" in result.stderr
