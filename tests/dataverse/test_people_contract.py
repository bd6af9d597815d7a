"""What every implementation of dataverse.ports.DataversePeople does."""

import pytest

from shared.dataverse.ports import DataversePeople
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.person_rows import JourneyTable, PersonRows, SoughtPerson
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    NEWSLETTER,
    REGISTRATIONS,
    consent,
    contact,
    enough_time,
    journey_row,
    opt_out,
)
from tests.dataverse.worlds import World

BERTA, STRASSE = "berta@example.com", "strasse@example.com"
TABLE = JourneyTable(entity_set=REGISTRATIONS, key_column="new_registrationid")


def sought(address: str = ANNA, *registrations: str) -> SoughtPerson:
    return SoughtPerson(address=address, registrations=registrations, journey_tables=(TABLE,))


def counted(rows: PersonRows) -> tuple[int, int, int]:
    return (len(rows.contacts), len(rows.consents), len(rows.journey_rows))


@pytest.fixture
def people(world: World) -> DataversePeople:
    """Anna has all kinds of rows, Berta has two, and somebody's address looks like Straße's."""
    world.insights.write(
        contact(consent(), consent(topic=NEWSLETTER), row=journey_row()), enough_time()
    )
    world.insights.write(contact(email=BERTA), enough_time())
    world.insights.write(contact(email=STRASSE), enough_time())
    return world.people


def test_whoever_is_not_known_has_nothing(people: DataversePeople) -> None:
    for nobody in ("nobody@example.com", "straße@example.com", "o'hara@example.com"):
        assert not people.known(sought(nobody), enough_time())
        assert not people.delete(sought(nobody), enough_time())


def test_all_that_is_known_of_an_address(people: DataversePeople) -> None:
    found = people.known(sought(ANNA.upper()), enough_time())
    assert counted(found) == (1, 2, 1)
    assert found.contacts[0].columns["emailaddress1"] == ANNA
    assert found.contacts[0].columns["firstname"] == "Anna"
    assert {row.columns["_msdynmkt_purposeid_value"] for row in found.consents} == {COMMERCIAL}
    assert found.journey_rows[0].columns["new_formid"] == "newsletter"


def test_deleting_leaves_the_others(people: DataversePeople, world: World) -> None:
    assert counted(people.delete(sought(), enough_time())) == (1, 2, 1)
    assert {one.email for one in world.contacts()} == {BERTA, STRASSE}
    assert {one.address for one in world.consents()} == {BERTA, STRASSE}
    assert world.journey_rows() == []
    assert not people.delete(sought(), enough_time())


def test_deactivated_and_doubled_contacts_go_too(people: DataversePeople, world: World) -> None:
    world.add_contact(ANNA, {"firstname": "A."}, active=False)
    world.add_contact(ANNA.title(), {"firstname": "An"})
    assert counted(people.delete(sought(), enough_time())) == (3, 2, 1)
    assert {one.email for one in world.contacts()} == {BERTA, STRASSE}


def test_a_journey_row_is_found_by_its_registration_alone(
    people: DataversePeople, world: World
) -> None:
    """As after an erasure that Dataverse ended half-way: contact and consents are gone."""
    people.delete(sought(), enough_time())
    world.insights.write(contact(email=BERTA, row=journey_row("0002")), enough_time())
    assert counted(people.known(sought(), enough_time())) == (0, 0, 0)
    assert counted(people.delete(sought(ANNA, "0009", "0002"), enough_time())) == (0, 0, 1)
    assert counted(people.known(sought(BERTA), enough_time())) == (1, 1, 0)


def test_an_opt_out_goes_too(people: DataversePeople, world: World) -> None:
    world.insights.opt_out(opt_out(), enough_time())
    assert counted(people.delete(sought(), enough_time())) == (1, 2, 1)


def test_no_answer_is_a_temporary_failure_and_can_be_repeated(
    people: DataversePeople, world: World
) -> None:
    with pytest.raises(TemporaryFailure):
        people.delete(sought(), Deadline(0))
    assert counted(people.delete(sought(), enough_time())) == (1, 2, 1)
    assert ANNA not in {one.email for one in world.contacts()}
