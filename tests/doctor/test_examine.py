"""The whole examination: its order, its limits, and that nothing stops it."""

from dataclasses import replace

import pytest

from shared.doctor.examine import examine
from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Examined, Group
from shared.doctor.storage_checks import TABLES
from shared.ports import Deadline
from shared.rules import LinkedInRules
from shared.values.check import State
from shared.values.request_seen import RequestSeen
from tests.doctor.settings import found
from tests.fakes.doctor import DoctorOutside, FakeMailTrial, FakeStorageTrial, smtp
from tests.mailers.moved_clock import MovedClock
from tests.told import told


@pytest.fixture
def outside() -> DoctorOutside:
    return DoctorOutside(settings_found=found(), mail_providers=(smtp(FakeMailTrial()),))


def groups_in(found_: list[Examined]) -> list[Group]:
    return list(dict.fromkeys(each.group for each in found_))


def test_every_group_in_order(outside: DoctorOutside) -> None:
    said = list(examine(outside))
    assert groups_in(said) == list(Group)
    assert [each.check.found for each in said if each.group is Group.LINKEDIN] == ["not used"]


def test_only_some_of_them(outside: DoctorOutside) -> None:
    said = list(examine(outside, [Group.MAIL, Group.FORMS]))
    assert groups_in(said) == [Group.FORMS, Group.MAIL]
    assert not outside.storage_trial.tried


def test_the_request_is_looked_at_with_the_settings(outside: DoctorOutside) -> None:
    seen = RequestSeen(proxies=1, by_front_door=False)
    assert list(examine(outside, [Group.SETTINGS], seen=seen))[-1].check.name == "X-Forwarded-For"


@pytest.mark.parametrize(
    ("changes", "group", "name"),
    [
        ({"DOI_MAIL_PROVIDER": "pigeon"}, Group.MAIL, "DOI_MAIL_PROVIDER"),
        ({"ACS_ENDPOINT": ""}, Group.MAIL, "ACS_ENDPOINT"),
        (
            {"AzureWebJobsStorage__queueServiceUri": ""},
            Group.STORAGE,
            "AzureWebJobsStorage__queueServiceUri",
        ),
        ({"LINKEDIN_OWNERS": "x"}, Group.LINKEDIN, "LINKEDIN_OWNERS"),
        ({"DOI_BROKEN_FORMS": "x"}, Group.FORMS, "DOI_BROKEN_FORMS"),
    ],
)
def test_a_group_with_wrong_settings_waits_for_them(
    outside: DoctorOutside, changes: dict[str, str], group: Group, name: str
) -> None:
    outside.settings_found = found(**changes)
    said = list(examine(outside))
    [check] = [each.check for each in said if each.group is group]
    assert check.state is State.UNKNOWN
    assert name in check.found
    others = [each for each in said if each.group not in (group, Group.SETTINGS)]
    assert [each for each in others if each.check.name != "settings"]


class BrokenTrial(FakeStorageTrial):
    def try_table(self, table: str, deadline: Deadline) -> None:
        raise KeyError(f"secret-{table}-{deadline}")


def test_a_fault_of_the_doctor_is_told_and_the_others_go_on(
    outside: DoctorOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.storage_trial = BrokenTrial()
    said = list(examine(outside))
    storage = [each.check for each in said if each.group is Group.STORAGE]
    assert storage[-1].state is State.UNKNOWN
    assert storage[-1].found.startswith("KeyError in test_examine.py, line ")
    assert storage[0].state is State.OK
    assert groups_in(said) == list(Group)
    assert "secret" not in caplog.text
    [failed] = told(caplog)
    assert (failed.level, failed.event) == ("ERROR", "doctor_failed")
    assert failed.facts["reason"].startswith("KeyError in test_examine.py")


def test_linkedin_is_looked_at_where_it_is_used(outside: DoctorOutside) -> None:
    """Its own tests say what it finds; here it has no client, which is a fault to be told."""
    linkedin = LinkedInRules(client_secret="x", api_version="202607")
    outside.rules = replace(outside.rules, linkedin=linkedin)
    said = [each.check for each in examine(outside, [Group.LINKEDIN])]
    assert [check.name for check in said] == ["settings", "webhook", "version", "doctor"]


class SlowTrial(FakeStorageTrial):
    """Each queue takes a minute."""

    clock = MovedClock()

    def try_queue(self, queue: str, deadline: Deadline) -> int:
        self.clock.pass_time(60)
        return super().try_queue(queue, deadline)


def test_when_the_time_is_over_nothing_more_begins(outside: DoctorOutside) -> None:
    slow = SlowTrial()
    outside.storage_trial = slow
    deadline = Deadline(60, slow.clock)
    said = list(examine(outside, [Group.STORAGE, Group.MAIL], deadline=deadline))
    assert slow.tried == ["queue registrations"]
    late = [each for each in said if each.check.name == "time"]
    assert [each.group for each in late] == [Group.STORAGE, Group.MAIL]
    assert "doi doctor --only mail" in str(late[1].check.mend)


def test_one_group_cannot_take_all_the_time(outside: DoctorOutside) -> None:
    slow = SlowTrial()
    outside.storage_trial = slow
    deadline = Deadline(1000, slow.clock)
    said = list(examine(outside, deadline=deadline))
    assert len(slow.tried) == 1
    assert groups_in(said)[-1] is Group.LINKEDIN


def test_a_check_as_json(outside: DoctorOutside) -> None:
    outside.storage_trial.failures[f"table {TABLES[-1]}"] = Refused(Why.OTHER, "400 Code")
    as_json = list(examine(outside, [Group.STORAGE]))[-1].as_json()
    assert list(as_json) == ["group", "check", "state", "found", "mend"]
    assert (as_json["group"], as_json["state"]) == ("storage", "missing")
