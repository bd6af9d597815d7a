"""What is left of an erased person ends at its time, in steps that a queue allows."""

from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.values.mail_budget import MailboxRow
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.story.erasing import erase_person, mailbox_of, proofs_of
from tests.story.journey import deliver, link, press, sign_up, stored

ASKED = registration()
A_WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def erased() -> FakeOutside:
    """Anna had confirmed."""
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    outside.pass_time(timedelta(minutes=1))
    erase_person(outside)
    return outside


def pass_weeks(outside: FakeOutside, until: timedelta) -> None:
    """Each message comes when it is due, and no earlier."""
    while until > timedelta(0):
        waiting = outside.queues.messages["follow-ups"]
        assert all(message.visible_in <= A_WEEK for message in waiting)
        step = min(until, A_WEEK)
        outside.pass_time(step)
        deliver("follow-ups", outside)
        until -= step


def test_it_is_kept_until_then_and_not_a_week_longer() -> None:
    outside = erased()
    pass_weeks(outside, outside.rules.proof - A_WEEK)
    assert proofs_of(outside) == [A_WEEK]
    assert len(mailbox_of(outside).erased) == 1
    assert mailbox_of(outside).mailed_at == ()
    pass_weeks(outside, A_WEEK)
    assert proofs_of(outside) == []
    assert mailbox_of(outside) == MailboxRow()
    assert not outside.table.mailboxes
    assert outside.queues.bodies("follow-ups") == []


def test_one_message_for_the_record_and_one_for_the_mailbox_wait_for_it() -> None:
    outside = erased()
    pass_weeks(outside, 20 * A_WEEK)
    assert len(outside.queues.bodies("follow-ups")) == 2


def test_a_message_that_comes_twice_changes_nothing() -> None:
    outside = erased()
    for body in deliver("follow-ups", outside):
        outside.queues.put("follow-ups", body)
    pass_weeks(outside, outside.rules.proof)
    assert not outside.table.kept_proofs
    assert not outside.table.mailboxes
    assert outside.queues.bodies("follow-ups") == []


def test_a_registration_meanwhile_is_not_concerned() -> None:
    outside = erased()
    pass_weeks(outside, 100 * A_WEEK)
    again = registration(number=2).model_copy(update={"asked_at": outside.now()})
    press(link(sign_up(again, outside)), outside)
    pass_weeks(outside, outside.rules.proof)
    assert proofs_of(outside) == []
    assert stored(again, outside) is not None
    assert mailbox_of(outside).erased == {}


def test_each_erasure_has_a_time_of_its_own() -> None:
    outside = erased()
    pass_weeks(outside, 100 * A_WEEK)
    again = registration(number=2).model_copy(update={"asked_at": outside.now()})
    sign_up(again, outside)
    erase_person(outside)
    pass_weeks(outside, outside.rules.proof - 100 * A_WEEK)
    assert proofs_of(outside) == [100 * A_WEEK]
    assert len(mailbox_of(outside).erased) == 1
    pass_weeks(outside, 101 * A_WEEK)
    assert not outside.table.mailboxes


def test_the_wish_not_to_be_mailed_ends_at_its_own_time() -> None:
    outside = erased()
    token = link(outside.mailer.sent[-1], "decline")
    outside.pass_time(SECOND)
    double_opt_in.decline(token, outside)
    assert mailbox_of(outside).suppressed_until
    pass_weeks(outside, 5 * A_WEEK)
    assert mailbox_of(outside).suppressed_until is None
    assert len(mailbox_of(outside).erased) == 1


@pytest.mark.parametrize("part", ["proof", "mailbox"])
def test_what_somebody_has_deleted_by_hand_ends_the_messages(part: str) -> None:
    outside = erased()
    if part == "proof":
        outside.table.kept_proofs.clear()
    else:
        outside.table.mailboxes.clear()
    pass_weeks(outside, outside.rules.proof)
    assert not outside.table.kept_proofs
    assert not outside.table.mailboxes
    assert outside.queues.bodies("follow-ups") == []
