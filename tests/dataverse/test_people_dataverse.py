"""The real adapter: privileges, races between look-up and deletion, faults."""

from collections.abc import Callable

import pytest
import requests

from shared.adapters.dataverse_people import EnvironmentPeople
from shared.dataverse.failures import PrivilegeMissing
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.dataverse.person_rows import JourneyTable, SoughtPerson
from tests.dataverse.examples import (
    ANNA,
    CONFIRMED_AT,
    LATER_REASON,
    REGISTRATIONS,
    consent,
    contact,
    enough_time,
    journey_row,
)
from tests.dataverse.interrupted_session import InterruptedSession
from tests.dataverse.worlds import IssuedTokens, OpaqueToken, SimulatorWorld

CHANGE_SET = b"changeset_"
PERSON = SoughtPerson(
    address=ANNA,
    registrations=("0001",),
    journey_tables=(JourneyTable(entity_set=REGISTRATIONS, key_column="new_registrationid"),),
)


@pytest.fixture
def anna(real: SimulatorWorld) -> SimulatorWorld:
    """Known to the environment."""
    real.insights.write(contact(row=journey_row()), enough_time())
    return real


def at(world: SimulatorWorld, http: requests.Session) -> EnvironmentPeople:
    return EnvironmentPeople(world.url, OpaqueToken(), http, lambda: CONFIRMED_AT)


def known(world: SimulatorWorld) -> tuple[int, int, int]:
    return (len(world.contacts()), len(world.consents()), len(world.journey_rows()))


def test_the_app_itself_may_not_delete_anybody(anna: SimulatorWorld) -> None:
    people = EnvironmentPeople(anna.url, IssuedTokens(anna.url), anna.http)
    assert people.known(PERSON, enough_time())
    with pytest.raises(PrivilegeMissing) as refused:
        people.delete(PERSON, enough_time())
    assert (refused.value.privilege or "").startswith("prvDelete")
    assert "docs/dataverse.md" in str(refused.value)
    assert ANNA not in str(refused.value)
    assert known(anna) == (1, 1, 1)


def _confirms_again(world: SimulatorWorld) -> None:
    world.insights.write(contact(consent(reason=LATER_REASON)), enough_time())


def _gets_another_address(world: SimulatorWorld) -> None:
    (one,) = world.contacts()
    world.change_row(f"contacts({one.id})", {"emailaddress1": "anna.new@example.com"})


def _is_deleted_by_hand(world: SimulatorWorld) -> None:
    (one,) = world.contacts()
    world.delete_row(f"contacts({one.id})")


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        (_confirms_again, (0, 0, 0)),
        (_gets_another_address, (1, 0, 0)),  # it is another person's contact now
        (_is_deleted_by_hand, (0, 0, 0)),
    ],
)
def test_what_changes_between_look_up_and_deletion_is_looked_at_again(
    anna: SimulatorWorld,
    meanwhile: Callable[[SimulatorWorld], None],
    left: tuple[int, int, int],
) -> None:
    with InterruptedSession(CHANGE_SET, lambda: meanwhile(anna)) as http:
        at(anna, http).delete(PERSON, enough_time())
    assert known(anna) == left


def test_all_or_nothing(anna: SimulatorWorld) -> None:
    anna.disturb(match="DELETE contacts", status=503)
    with pytest.raises(TemporaryFailure):
        anna.people.delete(PERSON, enough_time())
    assert known(anna) == (1, 1, 1)
    anna.people.delete(PERSON, enough_time())
    assert known(anna) == (0, 0, 0)


def test_a_lost_answer_can_be_repeated(anna: SimulatorWorld) -> None:
    anna.lose_answers(to="DELETE contacts")
    with pytest.raises(TemporaryFailure):
        anna.people.delete(PERSON, enough_time())
    assert known(anna) == (0, 0, 0)
    assert not anna.people.delete(PERSON, enough_time())


def test_what_dataverse_refuses_says_what_to_mend(anna: SimulatorWorld) -> None:
    anna.disturb(match="DELETE contacts", status=400)
    with pytest.raises(PermanentFailure, match="keeps the contact") as refused:
        anna.people.delete(PERSON, enough_time())
    assert ANNA not in str(refused.value)
    assert known(anna) == (1, 1, 1)


def test_a_table_that_is_not_there_has_no_rows(anna: SimulatorWorld) -> None:
    person = SoughtPerson(
        address=ANNA,
        registrations=("0001",),
        journey_tables=(JourneyTable(entity_set="new_gones", key_column="new_id"),),
    )
    found = anna.people.delete(person, enough_time())
    assert (len(found.contacts), len(found.consents), len(found.journey_rows)) == (1, 1, 0)


def test_many_registrations(anna: SimulatorWorld) -> None:
    person = SoughtPerson(
        address="nobody@example.com",
        registrations=tuple(f"{number:04d}" for number in range(250, -1, -1)),
        journey_tables=PERSON.journey_tables,
    )
    assert len(anna.people.known(person, enough_time()).journey_rows) == 1
