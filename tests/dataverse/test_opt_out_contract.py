"""What every implementation of ports.CustomerInsights does when a consent is withdrawn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    LATER_REASON,
    NEWSLETTER,
    PRODUCT_NEWS,
    REASON,
    UNKNOWN_PURPOSE,
    WITHDRAWN,
    WITHDRAWN_AT,
    consent,
    contact,
    ended,
    enough_time,
    opt_out,
)
from tests.dataverse.worlds import SeenConsent, World

BERTA = "berta@example.com"


def said(world: World) -> dict[tuple[str, str | None], bool]:
    """Yes or no, by purpose and topic; there is one row of each."""
    answers = {(one.purpose, one.topic): one.opted_in for one in world.consents()}
    assert len(answers) == len(world.consents())
    return answers


def test_opts_out_the_row_that_was_opted_in(world: World) -> None:
    written = world.insights.write(contact(), enough_time())
    assert world.insights.opt_out(opt_out(), enough_time()) == written.consent_ids
    assert world.consents() == [
        SeenConsent(address=ANNA, purpose=COMMERCIAL, topic=None, opted_in=False, reason=WITHDRAWN)
    ]
    (untouched,) = world.contacts()
    assert untouched.id == written.contact_id


def test_where_there_is_no_row_one_says_no(world: World) -> None:
    """Without a row a non-restrictive purpose would be mailed."""
    assert world.insights.opt_out(opt_out(), enough_time()) == (ended().new_id,)
    assert said(world) == {(COMMERCIAL, None): False}
    assert world.contacts() == []


def test_an_address_in_other_case_is_the_same(world: World) -> None:
    world.insights.write(contact(), enough_time())
    world.insights.opt_out(opt_out(email="Anna@Example.com"), enough_time())
    assert said(world) == {(COMMERCIAL, None): False}


def test_nobody_else_is_opted_out(world: World) -> None:
    world.insights.write(contact(email=BERTA), enough_time())
    world.insights.write(contact(email="strasse@example.com"), enough_time())
    world.insights.opt_out(opt_out(), enough_time())
    world.insights.opt_out(opt_out(email="straße@example.com"), enough_time())
    assert {one.address: one.opted_in for one in world.consents()} == {
        BERTA: True,
        "strasse@example.com": True,
        ANNA: False,
        "straße@example.com": False,
    }


def test_other_purposes_stay(world: World) -> None:
    world.insights.write(contact(consent(), consent(purpose=PRODUCT_NEWS)), enough_time())
    world.insights.opt_out(opt_out(), enough_time())
    assert said(world) == {(COMMERCIAL, None): False, (PRODUCT_NEWS, None): True}


def test_a_topic_ends_with_its_purpose(world: World) -> None:
    world.insights.write(contact(consent(), consent(topic=NEWSLETTER)), enough_time())
    both = opt_out(ended(topic=NEWSLETTER), ended(spares_topics=True))
    world.insights.opt_out(both, enough_time())
    assert said(world) == {(COMMERCIAL, None): False, (COMMERCIAL, NEWSLETTER): False}


OTHER_TOPIC = "20000000-0000-0000-0000-000000000001"


def test_a_purpose_stays_for_another_topic(world: World) -> None:
    world.insights.write(
        contact(consent(), consent(topic=NEWSLETTER), consent(topic=OTHER_TOPIC)), enough_time()
    )
    both = opt_out(ended(topic=NEWSLETTER), ended(spares_topics=True))
    world.insights.opt_out(both, enough_time())
    assert said(world) == {
        (COMMERCIAL, None): True,
        (COMMERCIAL, NEWSLETTER): False,
        (COMMERCIAL, OTHER_TOPIC): True,
    }
    world.insights.opt_out(
        opt_out(ended(topic=OTHER_TOPIC), ended(spares_topics=True)), enough_time()
    )
    assert set(said(world).values()) == {False}


def test_a_purpose_does_not_stay_for_a_topic_that_was_opted_out(world: World) -> None:
    world.add_opt_out(ANNA, COMMERCIAL, OTHER_TOPIC)
    world.insights.write(contact(consent(), consent(topic=NEWSLETTER)), enough_time())
    both = opt_out(ended(topic=NEWSLETTER), ended(spares_topics=True))
    world.insights.opt_out(both, enough_time())
    assert set(said(world).values()) == {False}


def test_a_purpose_that_was_consented_to_as_such_spares_no_topic(world: World) -> None:
    world.insights.write(contact(consent(), consent(topic=OTHER_TOPIC)), enough_time())
    world.insights.opt_out(opt_out(), enough_time())
    assert said(world) == {(COMMERCIAL, None): False, (COMMERCIAL, OTHER_TOPIC): True}


def test_rows_are_opted_out_by_their_ids_too(world: World) -> None:
    """For when the form does not tell any more what was consented to."""
    written = world.insights.write(contact(consent(), consent(topic=NEWSLETTER)), enough_time())
    world.insights.write(contact(email=BERTA), enough_time())
    berta = next(one for one in world.consents() if one.address == BERTA)
    strangers = (ended(email=BERTA).new_id, UNKNOWN_PURPOSE)
    ids = (*written.consent_ids, *strangers)
    assert world.insights.opt_out(opt_out(row_ids=ids), enough_time()) == written.consent_ids
    assert {(one.topic, one.opted_in) for one in world.consents() if one.address == ANNA} == {
        (None, False),
        (NEWSLETTER, False),
    }
    assert berta in world.consents()


def test_repeating_changes_nothing(world: World) -> None:
    world.insights.write(contact(), enough_time())
    first = world.insights.opt_out(opt_out(), enough_time())
    before = world.consents()
    assert world.insights.opt_out(opt_out(one_click=True), enough_time()) == first
    assert world.consents() == before


def test_a_lost_answer_can_be_repeated(world: World) -> None:
    world.insights.write(contact(), enough_time())
    world.lose_answers("PATCH msdynmkt_contactpointconsent4s")
    with pytest.raises(TemporaryFailure):
        world.insights.opt_out(opt_out(), enough_time())
    assert world.insights.opt_out(opt_out(), enough_time()) == (ended().new_id,)
    assert said(world) == {(COMMERCIAL, None): False}


def test_a_withdrawal_that_comes_late_does_not_undo_a_later_consent(world: World) -> None:
    world.insights.write(contact(consent(reason=LATER_REASON)), enough_time())
    assert world.insights.opt_out(opt_out(), enough_time()) == ()
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(True, LATER_REASON)]


def test_a_consent_that_comes_late_does_not_undo_a_later_withdrawal(world: World) -> None:
    world.insights.opt_out(opt_out(), enough_time())
    world.insights.write(contact(consent(reason=REASON)), enough_time())
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(False, WITHDRAWN)]
    world.insights.write(contact(consent(reason=LATER_REASON)), enough_time())
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(True, LATER_REASON)]


def test_an_early_consent_that_comes_last_does_not_hide_a_later_one(world: World) -> None:
    """Otherwise a withdrawal of the time between them would count that still comes."""
    world.insights.write(contact(consent(reason=LATER_REASON)), enough_time())
    world.insights.write(contact(consent(reason=REASON)), enough_time())
    assert world.insights.opt_out(opt_out(), enough_time()) == ()
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(True, LATER_REASON)]


def test_of_the_same_second_the_withdrawal_counts(world: World) -> None:
    same = f"DOI 0002 {WITHDRAWN.rpartition(' ')[2]} text 1a2b"
    world.insights.write(contact(consent(reason=same)), enough_time())
    world.insights.opt_out(opt_out(), enough_time())
    assert said(world) == {(COMMERCIAL, None): False}
    world.insights.write(contact(consent(reason=same)), enough_time())
    assert said(world) == {(COMMERCIAL, None): False}


def test_of_two_withdrawals_the_later_one_stays_noted(world: World) -> None:
    world.insights.write(contact(), enough_time())
    world.insights.opt_out(opt_out(at=WITHDRAWN_AT + timedelta(hours=1)), enough_time())
    world.insights.opt_out(opt_out(), enough_time())
    (row,) = world.consents()
    assert (row.opted_in, row.reason[-9:]) == (False, "13:30:00Z")


def test_a_row_that_somebody_opted_in_by_hand_is_opted_out_once_more(world: World) -> None:
    world.insights.opt_out(opt_out(), enough_time())
    world.opt_in_by_hand(ANNA, COMMERCIAL)
    world.insights.opt_out(opt_out(), enough_time())
    assert said(world) == {(COMMERCIAL, None): False}


def test_a_withdrawal_overrides_what_others_wrote(world: World) -> None:
    world.add_opt_out(ANNA, COMMERCIAL)
    world.opt_in_by_hand(ANNA, COMMERCIAL)
    world.insights.opt_out(opt_out(), enough_time())
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(False, WITHDRAWN)]


@pytest.mark.parametrize("one_click", [False, True])
def test_how_it_was_withdrawn_is_told(world: World, one_click: bool) -> None:  # noqa: FBT001 - a parameter of the test
    world.insights.write(contact(), enough_time())
    world.insights.opt_out(opt_out(one_click=one_click), enough_time())
    assert world.withdrawn_by_one_click(ANNA, COMMERCIAL) is one_click


def test_opting_in_and_out_at_once_ends_with_the_later_word(world: World) -> None:
    start = threading.Barrier(2)

    def confirm() -> None:
        start.wait()
        world.insights.write(contact(consent(), consent(topic=NEWSLETTER)), enough_time())

    def withdraw() -> None:
        start.wait()
        world.insights.opt_out(opt_out(ended(), ended(topic=NEWSLETTER)), enough_time())

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(confirm), pool.submit(withdraw)]:
            done.result()
    assert set(said(world).values()) == {False}
    assert len(world.consents()) == 2


def test_busy_says_when_to_come_back(world: World) -> None:
    world.insights.write(contact(), enough_time())
    world.refuse(429, retry_after=17)
    with pytest.raises(TemporaryFailure) as failure:
        world.insights.opt_out(opt_out(), enough_time())
    assert failure.value.retry_after == 17
    assert said(world) == {(COMMERCIAL, None): True}


def test_an_unknown_purpose_is_permanent_and_nothing_is_written(world: World) -> None:
    world.insights.write(contact(), enough_time())
    with pytest.raises(PermanentFailure):
        world.insights.opt_out(opt_out(ended(), ended(UNKNOWN_PURPOSE)), enough_time())
    assert said(world) == {(COMMERCIAL, None): True}


def test_nothing_is_sent_after_the_deadline(world: World) -> None:
    with pytest.raises(TemporaryFailure):
        world.insights.opt_out(opt_out(), Deadline(0))
    assert world.consents() == []


@pytest.mark.parametrize(
    "email", ["o'neil+a&b#c@example.com", "100%?=/{}~`^|$!*@example.com", "用户@例子.广告"]
)
def test_every_address_is_found(world: World, email: str) -> None:
    world.insights.write(contact(email=email), enough_time())
    world.insights.opt_out(opt_out(email=email), enough_time())
    assert [one.opted_in for one in world.consents()] == [False]
