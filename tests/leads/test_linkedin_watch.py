"""What runs out at LinkedIn is told once a day, whatever else works or fails there."""

from datetime import date, datetime, timedelta

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin_watch import watch
from shared.ports import Deadline, SignInEnd
from tests.examples import NOON
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import connected
from tests.told import names, told

DAY = timedelta(days=1)
VERSION_ENDS = date(2027, 7, 15)  # 202607's


def look(outside: FakeOutside) -> None:
    watch(Deadline(60), outside)


def alarms(caplog: pytest.LogCaptureFixture, level: str = "ERROR") -> list[str]:
    return names(each for each in told(caplog) if each.level == level)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(31, []), (30, ["linkedin_sign_in_due"]), (-1, ["linkedin_sign_in_due"])],
)
@pytest.mark.parametrize("owners", [(), ("urn:li:sponsoredAccount:1",)])
def test_before_the_sign_in_is_over(
    days: int, expected: list[str], owners: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    outside = connected(owners=owners)
    outside.leads.sign_in_end = SignInEnd(ends_at=NOON + days * DAY)
    look(outside)
    assert alarms(caplog) == expected
    assert outside.leads.windows == []  # nothing has to be listed for it


@pytest.mark.parametrize(("days", "expected"), [(61, []), (60, ["linkedin_version_due"])])
def test_before_the_version_is_over(
    days: int, expected: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    outside = connected(owners=())
    outside.clock = datetime.combine(VERSION_ENDS - days * DAY, NOON.timetz())
    outside.leads.sign_in_end = SignInEnd(ends_at=outside.clock + 300 * DAY)
    look(outside)
    assert alarms(caplog) == expected


@pytest.mark.parametrize("failure", [TemporaryFailure("down"), PermanentFailure("403")])
def test_the_version_is_told_whatever_fails(
    failure: TemporaryFailure | PermanentFailure, caplog: pytest.LogCaptureFixture
) -> None:
    outside = connected()
    outside.clock = datetime.combine(VERSION_ENDS, NOON.timetz())
    outside.leads.failures = [failure]
    look(outside)
    assert "linkedin_version_due" in alarms(caplog)


def test_a_sign_in_that_is_over_is_told_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    outside.leads.failures = [PermanentFailure("LinkedIn, sign-in: invalid_grant")]
    look(outside)
    [due] = told(caplog)
    assert (due.level, due.event) == ("ERROR", "linkedin_sign_in_due")
    assert due.facts == {"until": "2026-11-22", "reason": "LinkedIn, sign-in: invalid_grant"}


def test_an_access_token_that_is_not_renewed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    outside.leads.sign_in_end = SignInEnd(ends_at=NOON + 40 * DAY, refused="invalid_grant")
    look(outside)
    [due] = told(caplog)
    assert (due.level, due.event) == ("ERROR", "linkedin_sign_in_due")
    assert due.facts == {"until": "2027-01-01", "reason": "invalid_grant"}


def test_what_cannot_be_seen_is_told_apart(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    outside.leads.failures = [TemporaryFailure("table leads: down")]
    look(outside)
    assert alarms(caplog) == []
    assert alarms(caplog, "WARNING") == ["linkedin_sign_in_unseen"]


def test_nothing_is_told_where_linkedin_is_not_configured(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = FakeOutside()
    outside.clock = datetime.combine(VERSION_ENDS, NOON.timetz())
    outside.leads.failures = [PermanentFailure("nobody has signed in")]
    look(outside)
    assert alarms(caplog) == []
