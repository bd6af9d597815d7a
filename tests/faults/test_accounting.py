"""The account of a chaos run finds what is lost, doubled, or should not be there."""

from collections import Counter

import pytest

from local.chaos.accounting import End
from local.chaos.aftermath import Noted
from local.chaos.duplicates import duplicates_in
from tests.faults.worlds import (
    BY_ROW_CONFIRMS,
    CONFIRMS,
    DECLINES,
    IGNORES,
    UNREACHABLE,
    World,
    address,
    consents,
    contact,
    mail,
    poison,
    registration,
    sign_up,
    started,
)


@pytest.fixture
def world() -> World:
    return World.all_is_well()


def test_where_all_is_well_every_registration_has_its_end(world: World) -> None:
    account = world.account()

    assert account.broken == ()
    assert account.ends == {
        End.PROMOTED: 2,
        End.DECLINED: 1,
        End.PENDING: 1,
        End.POISONED: 1,
    }


@pytest.mark.parametrize("number", [CONFIRMS, IGNORES])
def test_a_record_that_is_gone_is_found(world: World, number: int) -> None:
    spoilt = world.without_record(number)

    assert spoilt.account().ends[End.NOWHERE] == 1
    assert any(registration(number) in line and "is gone" in line for line in spoilt.broken())


@pytest.mark.parametrize("status", ["mailing", "pending", "confirmed", "failed"])
def test_who_was_shown_as_confirmed_must_be_promoted(world: World, status: str) -> None:
    [broken] = world.with_record(CONFIRMS, status).broken()

    assert broken == (
        f"acknowledged is kept: {registration(CONFIRMS)} was shown as confirmed, "
        f"but its record is {status}"
    )


@pytest.mark.parametrize("status", ["mailing", "confirmed"])
def test_a_record_that_nothing_moves_any_more_is_found(world: World, status: str) -> None:
    broken = world.with_record(IGNORES, status).broken()

    assert any(f"its record is {status}, nothing is left to move it" in line for line in broken)


def test_a_person_who_could_not_confirm_is_found(world: World) -> None:
    spoilt = world.with_record(CONFIRMS, "pending")
    spoilt.experiences[sign_up(CONFIRMS)].pages.clear()

    assert any("confirms and saw no page" in line for line in spoilt.broken())


def test_a_failed_record_without_its_poison_message_is_found(world: World) -> None:
    assert any("its record is failed" in line for line in world.with_found(poison=()).broken())


def test_a_poison_message_without_a_cause_is_found(world: World) -> None:
    spoilt = world.with_found(poison=(poison(UNREACHABLE), poison(IGNORES, failure=None)))

    [broken] = spoilt.broken()
    assert "registrations-poison without a cause" in broken


def test_what_stays_in_poison_though_its_cause_is_mended_is_found(world: World) -> None:
    [broken] = world.with_found(poison=(poison(UNREACHABLE), poison(IGNORES))).broken()

    assert "after its replay: smtp: 550 5.1.1" in broken


def test_a_sign_up_that_the_website_never_got_rid_of_is_found(world: World) -> None:
    experience = world.experiences[sign_up(IGNORES)]
    experience.registration_id = None
    experience.statuses[:] = [503, 500]

    account = world.account()

    assert account.ends[End.NOT_ACCEPTED] == 1
    assert "the last answers: 503, 500" in str(account.broken[0])


@pytest.mark.parametrize("count", [0, 2])
def test_a_missing_and_a_second_contact_are_found(world: World, count: int) -> None:
    contacts = (contact(BY_ROW_CONFIRMS), *[contact(CONFIRMS)] * count)

    broken = world.with_stored(contacts=contacts).broken()

    assert f"effects happen once: {address(CONFIRMS)} has {count} contacts" in broken


def test_a_contact_of_somebody_who_did_not_confirm_is_found(world: World) -> None:
    contacts = (*world.aftermath.stored.contacts, contact(IGNORES))

    [broken] = world.with_stored(contacts=contacts).broken()

    assert broken == (
        f"nothing before the confirmation: {address(IGNORES)} has a contact, but nobody confirmed"
    )


def test_a_missing_and_a_second_consent_row_are_found(world: World) -> None:
    first, *others = world.aftermath.stored.consents

    missing = world.with_stored(consents=tuple(others)).broken()
    doubled = world.with_stored(consents=(first, first, *others)).broken()

    assert [f"{first.address} has 0 rows" in line for line in missing] == [True]
    assert [f"{first.address} has 2 rows" in line for line in doubled] == [True]


def test_a_consent_that_nobody_gave_is_found(world: World) -> None:
    given = (*world.aftermath.stored.consents, *consents(DECLINES))

    [broken] = world.with_stored(consents=given).broken()

    assert "which nobody gave" in broken


def test_a_missing_trigger_is_found_and_a_second_one_is_counted(world: World) -> None:
    missing = world.with_stored(triggers=())
    doubled = world.with_stored(triggers=(started(CONFIRMS), started(CONFIRMS)))

    assert any("fired triggers for the contacts []" in line for line in missing.broken())
    assert doubled.broken() == []
    assert duplicates_in(doubled.aftermath).triggers == 1


def test_a_trigger_for_somebody_elses_contact_is_found(world: World) -> None:
    spoilt = world.with_stored(triggers=(started(CONFIRMS, by=BY_ROW_CONFIRMS),))

    assert any("though the person's own is contact-0" in line for line in spoilt.broken())


def test_a_trigger_of_somebody_who_did_not_confirm_is_found(world: World) -> None:
    [broken] = world.with_stored(triggers=(started(CONFIRMS), started(IGNORES))).broken()

    assert "started a journey, but was not confirmed" in broken


@pytest.mark.parametrize("count", [0, 2])
def test_a_row_starts_its_journey_exactly_once(world: World, count: int) -> None:
    broken = world.with_stored(journeys=(started(BY_ROW_CONFIRMS),) * count).broken()

    assert any("started journeys by row" in line for line in broken)


def test_a_second_mail_is_counted_and_those_without_an_answer_apart(world: World) -> None:
    unanswered = mail(CONFIRMS, answered=False)
    mails = (*world.aftermath.mails, unanswered, mail(IGNORES))

    spoilt = world.with_found(mails=mails)

    assert spoilt.broken() == []
    assert duplicates_in(spoilt.aftermath).mails == 2
    assert duplicates_in(spoilt.aftermath).mails_unanswered == 1


def test_a_pending_record_whose_mail_reached_nobody_is_found(world: World) -> None:
    mails = tuple(each for each in world.aftermath.mails if each != mail(IGNORES))

    [broken] = world.with_found(mails=mails).broken()

    assert "is pending, but no mail reached" in broken


def test_a_mail_that_nobody_asked_for_is_found(world: World) -> None:
    [broken] = world.with_found(mails=(*world.aftermath.mails, mail(99))).broken()

    assert "was mailed, but the website never heard of it" in broken


def test_an_effect_that_was_repeated_after_it_was_noted_is_found(world: World) -> None:
    noted = Noted(event="mailed", registration_id=registration(IGNORES), mail_number=1)

    [broken] = world.with_found(noted=Counter({noted: 2})).broken()

    assert "was noted as 'mailed 1' 2 times" in broken


def test_a_log_that_names_people_is_found(world: World) -> None:
    [broken] = world.with_found(naming_lines=3).broken()

    assert broken == "nobody is named: the app's log names people in 3 lines"
