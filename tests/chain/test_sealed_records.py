"""Records that are sealed when they are saved: what the table has, and what the reader gets."""

import json
from datetime import timedelta

import pytest

from shared.adapters.record_rows import readable_record, row_of
from shared.evidence.origin_keeping import OriginKeeping
from shared.evidence.sealed_records import SealedRecords
from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.evidence.chain import Chain, broken_link
from shared.values.evidence.origin import ASKED, CONFIRMED, withdrawn_name
from shared.values.mail_budget import MailboxRow
from shared.values.record import MOST_WITHDRAWALS, Record
from shared.values.record_notes import Click, Promotion, WithdrawalNote
from tests.chain.proven import assert_linear, assert_proven, kinds
from tests.examples import NOON, record, registration
from tests.fakes.origin_keys import FakeOriginKeys
from tests.fakes.outside import SIGNING_KEY
from tests.fakes.records import FakeRecords

DAY = timedelta(days=1)
KEPT = 90 * DAY
NETWORKS = ("203.0.113.7", "198.51.100.9", "192.0.2.1")
AGENTS = ("Browser/1.0", "Phone/2.0", "Mail/3.0")
CLICK = Click(at=NOON + DAY, address=NETWORKS[1], user_agent=AGENTS[1])
PRESS = WithdrawalNote(at=NOON + 2 * DAY, address=NETWORKS[2], user_agent=AGENTS[2])


class World:
    """A table, the keys, and a clock. `restart` is another process on the same table."""

    def __init__(self) -> None:
        self.table = FakeRecords()
        self.keys = FakeOriginKeys()
        self.now = NOON
        self.restart()

    def restart(self) -> None:
        origins = OriginKeeping(self.keys, lambda: self.now, KEPT)
        self.records = SealedRecords(self.table, origins, SIGNING_KEY)

    def save(self, value: Record) -> Versioned[Record]:
        """As the story does with the first mail."""
        mailbox = self.records.find_mailbox(value.mailbox_key)
        taken = mailbox.moved_to(mailbox.value.take_mail(self.now))
        return self.records.save(Versioned(value=value, etag=None), taken)

    def found(self, value: Record) -> Record:
        found = self.records.find(value.key)
        assert found is not None
        return found.value

    def in_table(self, value: Record) -> Record:
        return self.table.records[value.key].value


def full() -> Record:
    promotion = Promotion(contact_id="c", contact_created=True, consent_ids=("a",), written_at=NOON)
    confirmed = record().confirm(CLICK).handed_over(promotion).promoted(promotion, NOON)
    return confirmed.withdrawn(PRESS)


def test_the_table_has_origins_in_one_column_and_closed() -> None:
    world = World()
    world.save(full())
    row = row_of(world.in_table(full()))
    assert set(json.loads(row["origins"])) == {ASKED, CONFIRMED, withdrawn_name(PRESS.at)}
    for trace in (*NETWORKS, *AGENTS):
        assert trace not in json.dumps(row)
    assert readable_record(row) == world.in_table(full())


def test_who_reads_finds_them_where_they_were() -> None:
    world = World()
    saved = world.save(full())
    assert world.found(full()) == saved.value
    assert saved.value.says_what(full())
    world.restart()
    found = world.found(full())
    assert (found.asked_from, found.user_agent) == (NETWORKS[0], AGENTS[0])
    assert found.click == CLICK
    assert found.withdrawals == (PRESS,)
    [listed] = world.records.in_mailbox(found.mailbox_key)
    assert listed.value == found
    assert [each.value for each in world.records.with_id(found.registration_id)] == [found]


def test_what_is_sealed_is_proven_and_stays_as_it_was() -> None:
    world = World()
    saved = world.save(full())
    assert_proven(saved.value)
    assert_proven(world.in_table(full()))
    again = world.records.save(saved.moved_to(saved.value.keep_until(NOON + 30 * DAY)))
    assert again.value.chain == saved.value.chain
    assert again.value.origins == saved.value.origins
    longer = world.records.save(
        again.moved_to(again.value.withdrawn(PRESS.model_copy(update={"at": NOON + 3 * DAY})))
    )
    assert longer.value.chain.entries[:-1] == saved.value.chain.entries
    assert longer.value.chain.signature != saved.value.chain.signature
    assert_proven(longer.value)


# How long ------------------------------------------------------------------------------------


def test_after_a_time_nobody_can_open_them_and_the_rest_stays() -> None:
    world = World()
    saved = world.save(full())
    world.now = NOON + KEPT
    assert world.found(full()) == saved.value
    world.now += DAY
    for _ in range(2):  # the key is still there, and known to this process; then it is neither
        gone = world.found(full())
        assert (gone.asked_from, gone.user_agent) == (None, None)
        assert gone.click == Click(at=CLICK.at, address=None, user_agent=None)
        assert gone.withdrawals == (WithdrawalNote(at=PRESS.at),)
        assert gone.chain == saved.value.chain
        assert_proven(gone)
        world.keys.delete_before(world.now.date())
        world.restart()


def test_what_comes_later_is_kept_for_longer() -> None:
    world = World()
    first = world.save(record())
    world.now = NOON + 60 * DAY
    world.records.save(first.moved_to(first.value.confirm(CLICK)))
    world.now = NOON + 100 * DAY
    world.restart()
    found = world.found(record())
    assert found.asked_from is None
    assert found.click == CLICK
    assert_proven(found)


def test_a_record_whose_origins_are_gone_can_still_be_moved() -> None:
    world = World()
    world.save(full())
    world.keys.keys.clear()
    world.restart()
    found = world.records.find(full().key)
    assert found is not None
    assert found.value.asked_from is None
    moved = found.value.opted_out(PRESS.at, NOON + 3 * DAY, ("a",))
    assert moved is not None
    saved = world.records.save(found.moved_to(moved))
    assert saved.value.origins == found.value.origins
    assert_proven(saved.value)


@pytest.mark.parametrize("text", ["v1.2026-11-22.AAAA", "no sealed origin", ""])
def test_an_origin_that_somebody_changed_turns_nobody_away(text: str) -> None:
    world = World()
    world.save(full())
    damaged = world.in_table(full()).model_copy(update={"origins": {ASKED: text}})
    world.table.records[full().key] = Versioned(value=damaged, etag="changed")
    assert world.found(full()).asked_from is None


def test_a_key_is_asked_for_once_in_a_process() -> None:
    world = World()
    for number in range(1, 5):
        asked = registration(f"{number}@example.com", number)
        world.save(record(asked).confirm(CLICK))
        world.found(record(asked))
    assert world.keys.asked == 1
    world.restart()
    for number in range(1, 5):
        world.found(record(registration(f"{number}@example.com", number)))
    assert world.keys.asked == 2


def test_without_the_keys_nothing_is_written() -> None:
    world = World()
    world.keys.down = True
    with pytest.raises(TemporaryFailure):
        world.save(record())
    assert not world.table.records


def test_what_came_from_nowhere_needs_no_key() -> None:
    world = World()
    world.keys.down = True
    nowhere = registration().model_copy(update={"asked_from": None, "user_agent": None})
    saved = world.save(record(nowhere))
    assert saved.value.origins == {}
    assert_proven(saved.value)


def test_origins_of_withdrawals_that_are_not_kept_go_too() -> None:
    world = World()
    saved = world.save(full())
    for number in range(MOST_WITHDRAWALS):
        later = PRESS.model_copy(update={"at": PRESS.at + (number + 1) * DAY})
        saved = world.records.save(saved.moved_to(saved.value.withdrawn(later)))
    assert withdrawn_name(PRESS.at) not in saved.value.origins
    assert len(saved.value.origins) == MOST_WITHDRAWALS + 2
    assert broken_link(saved.value.chain) is None  # the entries stay


# One after the other ---------------------------------------------------------------------------


def test_registrations_of_a_mailbox_build_on_one_another() -> None:
    world = World()
    first, second, third = (
        world.save(record(registration(number=number))).value for number in (1, 2, 3)
    )
    assert first.chain.previous == ""
    assert second.chain.previous == first.chain.asked
    assert third.chain.previous == second.chain.asked
    row = world.records.find_mailbox(first.mailbox_key).value
    assert row.last_asked == third.chain.asked
    elsewhere = world.save(record(registration("ben@example.com"))).value
    assert elsewhere.chain.previous == ""


def test_who_signs_up_twice_at_once_keeps_one_chain() -> None:
    world = World()
    first, second = (
        Versioned(value=record(registration(number=number)), etag=None) for number in (1, 2)
    )
    seen_by_both = world.records.find_mailbox(first.value.mailbox_key)
    taken = seen_by_both.moved_to(seen_by_both.value.take_mail(NOON))
    world.records.save(first, taken)
    with pytest.raises(Changed):
        world.records.save(second, taken)
    world.save(second.value)
    both = [each.value for each in world.records.in_mailbox(first.value.mailbox_key)]
    assert len(both) == 2
    assert_linear(both)
    for each in both:
        assert_proven(each)


def test_a_renewed_mail_does_not_move_the_end_of_the_chain() -> None:
    world = World()
    first = world.save(record())
    second = world.save(record(registration(number=2)))
    mailbox = world.records.find_mailbox(first.value.mailbox_key)
    world.records.save(first, mailbox.moved_to(mailbox.value.take_mail(NOON + DAY)))
    row = world.records.find_mailbox(first.value.mailbox_key).value
    assert row.last_asked == second.value.chain.asked


def test_forgetting_the_latest_leads_back_to_the_one_before() -> None:
    world = World()
    first, second = (
        world.save(record(registration(number=number))).value.chain for number in (1, 2)
    )
    row = MailboxRow(last_asked=second.asked, mailed_at=(NOON,))
    assert row.without(second) == MailboxRow(last_asked=first.asked, mailed_at=(NOON,))
    assert row.without(second).without(first) == MailboxRow(mailed_at=(NOON,))
    assert row.without(first) == row
    assert row.without(Chain()) == row
    assert row.at_rest() == MailboxRow(last_asked=second.asked)
    assert row.suppress(NOON + DAY).last_asked == second.asked


# Older than the evidence -------------------------------------------------------------------------


def old_row() -> dict[str, object]:
    """A record as it was written before there was a chain."""
    row = row_of(full())
    for name in ("chain", "origins", "privacyPolicyVersion"):
        row.pop(name, None)
    consents = json.loads(row["consents"])
    for consent in consents:
        del consent["purposeId"], consent["topicId"]
    return row | {"consents": json.dumps(consents)}


def test_an_older_record_is_read_as_it_is() -> None:
    world = World()
    world.table.records[full().key] = Versioned(value=readable_record(old_row()), etag="1")
    found = world.found(full())
    assert (found.asked_from, found.click) == (NETWORKS[0], CLICK)
    assert found.chain == Chain()


def test_an_older_record_is_sealed_when_it_is_written_again() -> None:
    world = World()
    world.table.records[full().key] = Versioned(value=readable_record(old_row()), etag="1")
    found = world.records.find(full().key)
    assert found is not None
    moved = found.value.opted_out(PRESS.at, NOON + 3 * DAY, ("a",))
    assert moved is not None
    saved = world.records.save(found.moved_to(moved))
    row = json.dumps(row_of(world.in_table(full())))
    for trace in (*NETWORKS, *AGENTS):
        assert trace not in row
    assert world.found(full()).asked_from == NETWORKS[0]
    # The chain begins late, and says so: it has no entry `asked`.
    assert kinds(saved.value) == ["opted_out"]
    assert saved.value.chain.asked is None
    assert broken_link(saved.value.chain) is None


def test_a_new_registration_after_an_older_one_begins_the_chain() -> None:
    world = World()
    world.table.records[full().key] = Versioned(value=readable_record(old_row()), etag="1")
    new = world.save(record(registration(number=2)))
    assert new.value.chain.previous == ""
    assert_proven(new.value)


def test_a_lost_answer_is_recognised_though_it_was_sealed() -> None:
    """The story compares what it wrote with what it finds then."""
    world = World()
    saved = world.save(record())
    moved = saved.value.confirm(CLICK)
    world.records.save(saved.moved_to(moved))
    found = world.found(record())
    assert found != moved
    assert found.says_what(moved)
    assert found.click == moved.click
    other = CLICK.model_copy(update={"user_agent": "Other/1.0"})
    assert not found.says_what(saved.value.confirm(other))
