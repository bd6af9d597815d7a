"""What every implementation of ports.CustomerInsights does when a row starts the journey."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import WrittenContact
from shared.values.journey_row import NewJourneyRow
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    REASON,
    UNKNOWN_PURPOSE,
    consent,
    contact,
    enough_time,
    journey_row,
)
from tests.dataverse.worlds import SeenJourneyRow, World


def test_the_row_is_written_with_contact_and_consent_and_starts_one_journey(world: World) -> None:
    anna = contact(row=journey_row())
    written = world.insights.write(anna, enough_time())
    assert written == WrittenContact(
        contact_id=anna.new_id, created=True, consent_ids=(anna.consents[0].new_id,)
    )
    assert world.journey_rows() == [
        SeenJourneyRow(
            contact_id=anna.new_id, columns={"new_formid": "newsletter", "new_language": "de"}
        )
    ]
    assert world.journey_starts() == [anna.new_id]
    assert [one.reason for one in world.consents()] == [REASON]
    assert world.triggers() == []


def test_the_row_belongs_to_the_contact_that_was_there(world: World) -> None:
    contact_id = world.add_contact(ANNA, {"firstname": "A."})
    world.insights.write(contact(row=journey_row()), enough_time())
    assert world.journey_starts() == [contact_id]


def test_repeating_makes_no_second_row_and_starts_nothing(world: World) -> None:
    first = world.insights.write(contact(row=journey_row()), enough_time())
    second = world.insights.write(contact(row=journey_row()), enough_time())
    assert (second.contact_id, second.consent_ids) == (first.contact_id, first.consent_ids)
    assert not second.created
    assert len(world.journey_rows()) == 1
    assert world.journey_starts() == [first.contact_id]


def test_a_lost_answer_can_be_repeated(world: World) -> None:
    world.lose_answers()
    with pytest.raises(TemporaryFailure):
        world.insights.write(contact(row=journey_row()), enough_time())
    assert len(world.journey_starts()) == 1
    world.insights.write(contact(row=journey_row()), enough_time())
    assert (len(world.contacts()), len(world.consents())) == (1, 1)
    assert (len(world.journey_rows()), len(world.journey_starts())) == (1, 1)


def test_repeating_does_not_undo_what_came_in_between(world: World) -> None:
    """Not even where a later registration has put its own reason into the consent."""
    world.insights.write(contact(row=journey_row("0001")), enough_time())
    world.insights.write(
        contact(consent(reason="DOI 0002"), row=journey_row("0002")), enough_time()
    )
    world.opt_out(ANNA, COMMERCIAL)
    world.insights.write(contact(row=journey_row("0001")), enough_time())
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(False, "DOI 0002")]
    assert len(world.journey_starts()) == 2


def test_each_registration_of_a_person_has_its_row(world: World) -> None:
    first = world.insights.write(contact(row=journey_row("0001")), enough_time())
    world.insights.write(
        contact(consent(reason="DOI 0002"), row=journey_row("0002")), enough_time()
    )
    assert world.journey_starts() == [first.contact_id] * 2
    assert len(world.contacts()) == 1


def test_where_contact_and_consents_are_written_the_row_is_added(world: World) -> None:
    """Written while a trigger started the form's journey; then the form was changed."""
    written = world.insights.write(contact(), enough_time())
    assert world.journey_starts() == []
    world.opt_out(ANNA, COMMERCIAL)
    world.insights.write(contact(row=journey_row()), enough_time())
    assert world.journey_starts() == [written.contact_id]
    assert [one.opted_in for one in world.consents()] == [False]


def test_two_workers_with_one_registration_start_one_journey(world: World) -> None:
    start = threading.Barrier(2)

    def promote(_: int) -> WrittenContact:
        start.wait()
        return world.insights.write(contact(row=journey_row()), enough_time())

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(promote, range(2)))
    assert both[0].contact_id == both[1].contact_id
    assert (len(world.contacts()), len(world.consents())) == (1, 1)
    assert world.journey_starts() == [both[0].contact_id]


def test_busy_says_when_to_come_back(world: World) -> None:
    world.refuse(429, retry_after=17)
    with pytest.raises(TemporaryFailure) as failure:
        world.insights.write(contact(row=journey_row()), enough_time())
    assert failure.value.retry_after == 17
    assert (world.contacts(), world.journey_rows()) == ([], [])


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(journey_row(entity_set="new_gones"), id="no such table"),
        pytest.param(journey_row(key_column="new_gone"), id="no such key column"),
        pytest.param(journey_row(key_column="new_source"), id="a column that is no key"),
        pytest.param(journey_row(contact="new_GoneId"), id="no such lookup"),
        pytest.param(journey_row(contact="new_contactid"), id="its name in another case"),
        pytest.param(journey_row(contact="ownerid"), id="a lookup to something else"),
        pytest.param(journey_row(columns={"new_gone": "x"}), id="no such column"),
    ],
)
def test_what_the_environment_does_not_have_is_permanent_and_nothing_is_written(
    world: World, row: NewJourneyRow
) -> None:
    with pytest.raises(PermanentFailure, match=row.entity_set):
        world.insights.write(contact(row=row), enough_time())
    assert (world.contacts(), world.consents()) == ([], [])
    assert (world.journey_rows(), world.journey_starts()) == ([], [])


def test_no_row_without_the_consents(world: World) -> None:
    anna = contact(consent(purpose=UNKNOWN_PURPOSE), row=journey_row())
    with pytest.raises(PermanentFailure):
        world.insights.write(anna, enough_time())
    assert (world.contacts(), world.journey_rows(), world.journey_starts()) == ([], [], [])
