"""Any order of events, any trouble at any call: what was promised holds all the same.

Hypothesis makes up journeys: people register, confirm, decline, renew and withdraw, messages are
delivered, twice or late, calls fail in every way of `Trouble`, processes die, the clock moves.
After each step the promises are checked; at the end all trouble ends, and everything has to come
to its end.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.mime import mime_message
from shared.ports import Deadline
from shared.values.confirmation_token import Purpose
from shared.values.link_view import LinkState
from shared.values.mail import Mail
from shared.values.mail_budget import MailboxRow
from shared.values.mailbox import canonical
from shared.values.record import Record, RecordKey, Status
from shared.values.record_notes import WithdrawalNote
from shared.values.registration import Registration
from shared.wire_mail import wire_mail
from shared.withdraw_link import withdraw_link
from tests.chain.proven import assert_linear, assert_proven
from tests.examples import registration
from tests.properties.flaky import Call, Died, Trouble
from tests.properties.hosted import Hosted
from tests.story.journey import SECONDS, link, press

# Three spellings of one mailbox, two of one address, and somebody else.
ADDRESSES = ["anna@example.com", "Anna@example.com", "anna+x@example.com", "ben@example.com"]
DAY = timedelta(days=1)
# Postponed messages return after an hour and a quarter at the latest.
LATE = timedelta(hours=2)
MOST_DELIVERIES = 2000

troubles = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([*Trouble, Trouble.OVERTAKEN_LATE]), st.integers(min_value=0, max_value=9)
    ),
)
anyone = st.integers(min_value=0, max_value=50)
Plan = tuple[Trouble, int] | None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A mail or a trigger; `of` is the record, for what may come again when it is gone."""

    of: RecordKey | None
    what: str


class Journeys(RuleBasedStateMachine):
    """`acknowledged`: registrations that were answered with 202, by id."""

    def __init__(self) -> None:
        super().__init__()
        self.hosted = Hosted()
        self.outside = self.hosted.outside
        self.hosted.start()
        self.asked: list[Registration] = []
        self.acknowledged: set[str] = set()
        self.ended: set[str] = set()
        self.shown_as_confirmed: set[RecordKey] = set()
        self.declined: set[RecordKey] = set()
        self.shown_as_withdrawn: set[RecordKey] = set()
        self.before: dict[RecordKey, Record] = {}
        self.settled_effects: set[Effect] = set()
        self.taken: dict[tuple[str, str, int], datetime] = {}

    def teardown(self) -> None:
        try:
            self.everything_comes_to_its_end()
        finally:
            self.hosted.stop()

    # What happens -------------------------------------------------------------------------

    @initialize(can_tell=st.booleans())
    def begin(self, can_tell: bool) -> None:  # noqa: FBT001 - hypothesis calls it
        self.hosted.mailer.can_tell = can_tell
        self.sign_up_without_trouble()

    @rule(address=st.sampled_from(ADDRESSES), plan=troubles)
    def register(self, address: str, plan: Plan) -> None:
        asked = registration(address, number=len(self.asked) + 1)
        self._register(asked, plan)

    @rule()
    def sign_up_without_trouble(self) -> None:
        """Without this, few journeys would get far."""
        self.register(ADDRESSES[len(self.asked) % len(ADDRESSES)], None)
        self.deliver_whatever_is_due()

    @precondition(lambda self: self.asked)
    @rule(which=anyone, plan=troubles)
    def repeat_with_the_same_idempotency_key(self, which: int, plan: Plan) -> None:
        self._register(self.asked[which % len(self.asked)], plan)

    @precondition(lambda self: self.hosted.visible())
    @rule(which=anyone, plan=troubles)
    def deliver(self, which: int, plan: Plan) -> None:
        visible = self.hosted.visible()
        queue, waiting = visible[which % len(visible)]
        self._step(
            lambda: self.hosted.deliver(queue, waiting),
            plan,
            lambda: self._meanwhile(queue, waiting.body, which),
        )

    @rule()
    def deliver_whatever_is_due(self) -> None:
        for queue, waiting in self.hosted.visible():
            self._step(partial(self.hosted.deliver, queue, waiting))

    @precondition(lambda self: self.hosted.delivered)
    @rule(which=anyone, plan=troubles)
    def deliver_again(self, which: int, plan: Plan) -> None:
        queue, body = self.hosted.delivered[-1 - which % len(self.hosted.delivered)]
        self._step(
            lambda: self.hosted.deliver_again(queue, body),
            plan,
            lambda: self._meanwhile(queue, body, which),
        )

    @precondition(lambda self: self.hosted.mailer.sent)
    @rule(which=anyone, plan=troubles)
    def press_confirm(self, which: int, plan: Plan) -> None:
        mail = self._mail(which)
        self._step(lambda: self._press(mail), plan, lambda: self._press_again(mail, which))

    @precondition(lambda self: self.hosted.mailer.sent)
    @rule(which=anyone, plan=troubles)
    def press_decline(self, which: int, plan: Plan) -> None:
        mail = self._mail(which)
        self._step(lambda: self._decline(mail), plan, lambda: self._press(mail))

    @precondition(lambda self: self.hosted.mailer.sent)
    @rule(which=anyone, plan=troubles)
    def press_renew(self, which: int, plan: Plan) -> None:
        token = link(self._mail(which))
        self._step(lambda: self._visit(lambda: double_opt_in.renew(token, self.outside)), plan)

    @precondition(lambda self: self._confirmed())
    @rule(which=anyone, plan=troubles)
    def press_withdraw(self, which: int, plan: Plan) -> None:
        record = self._one_confirmed(which)
        self._step(
            lambda: self._withdraw(record),
            plan,
            lambda: self._meanwhile_of_withdrawal(record, which),
        )

    @precondition(lambda self: self.hosted.mailer.sent)
    @rule(which=anyone)
    def open_every_link(self, which: int) -> None:
        mail = self._mail(which)
        before = (dict(self.hosted.records.records), dict(self.hosted.records.mailboxes))
        waiting = {name: list(found) for name, found in self.hosted.queues.messages.items()}
        double_opt_in.show_confirm(link(mail), self.outside)
        double_opt_in.show_decline(link(mail, "decline"), self.outside)
        if self._confirmed():
            withdrawable = self._withdraw_token(self._one_confirmed(which))
            double_opt_in.show_withdraw(withdrawable, self.outside)
        assert (self.hosted.records.records, self.hosted.records.mailboxes) == before
        assert self.hosted.queues.messages == waiting

    @rule(hours=st.sampled_from([0.01, 0.05, 1, 6, 25, 73, 169]))
    def wait(self, hours: float) -> None:
        self.hosted.note_due_times()
        self.outside.pass_time(timedelta(hours=hours))

    @rule()
    def replay_poison(self) -> None:
        self.hosted.replay_poison()

    # How it happens -----------------------------------------------------------------------

    def _register(self, asked: Registration, plan: Plan) -> None:
        asked = asked.model_copy(update={"asked_at": self.outside.now()})
        if asked.id not in {known.id for known in self.asked}:
            self.asked.append(asked)

        def accept() -> None:
            double_opt_in.register(asked, self.outside)
            self.acknowledged.add(asked.id)
            self.ended.discard(asked.id)
            self.hosted.log.ended.discard(asked.id)

        self._step(lambda: self._visit(accept), plan)

    def _press(self, mail: Mail) -> None:
        view = self._visit(lambda: press(link(mail), self.outside))
        if view and view.state is LinkState.CONFIRMED:
            self.shown_as_confirmed.add(view.token.key)

    def _press_again(self, mail: Mail, which: int) -> None:
        """A double click, or the queue finds what the click has left there."""
        if which % 2:
            self._press(mail)
        for body in self.hosted.queues.bodies("promotions"):
            self.hosted.deliver_again("promotions", body)

    def _decline(self, mail: Mail) -> None:
        self.declined.add(self._key_of(mail))
        view = self._visit(lambda: double_opt_in.decline(link(mail, "decline"), self.outside))
        if view and view.state is LinkState.DECLINED:
            key = view.token.key
            record = self.hosted.records.find(key)
            assert record is None
            assert self.hosted.records.find_mailbox(key.mailbox_key).value.is_suppressed(
                self.outside.now()
            )

    def _withdraw(self, record: Record) -> None:
        note = WithdrawalNote(at=self.outside.now())
        token, deadline = self._withdraw_token(record), Deadline(SECONDS)
        view = self._visit(lambda: double_opt_in.withdraw(token, note, deadline, self.outside))
        if view:
            assert view.state is LinkState.WITHDRAWN
            self.shown_as_withdrawn.add(record.key)

    def _meanwhile_of_withdrawal(self, record: Record, which: int) -> None:
        """A double click, or the queue finds what a click has left there."""
        if which % 2:
            self._withdraw(record)
        for body in self.hosted.queues.bodies("promotions"):
            self.hosted.deliver_again("promotions", body)

    def _confirmed(self) -> list[Record]:
        records = [stored.value for stored in self.hosted.records.records.values()]
        return [record for record in records if record.was_confirmed]

    def _one_confirmed(self, which: int) -> Record:
        found = self._confirmed()
        return found[which % len(found)]

    def _withdraw_token(self, record: Record) -> str:
        return withdraw_link(record, self.outside).partition("?token=")[2]

    def _meanwhile(self, queue: str, body: str, which: int) -> None:
        """Another worker has the same message, or a person presses a button."""
        if which % 5 == 0 and self._confirmed():
            self._withdraw(self._one_confirmed(which))
        elif which % 3 and self.hosted.mailer.sent:
            mail = self._mail(which)
            (self._press if which % 3 == 1 else self._decline)(mail)
        else:
            self.hosted.deliver_again(queue, body)

    def _visit(self, call: Callable[[], Any]) -> Any:
        """A call over HTTP: whoever meets a failure gets a page that asks to try again."""
        try:
            return call()
        except (TemporaryFailure, Died):
            return None

    def _step(
        self,
        action: Callable[[], object],
        plan: Plan = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        trouble, at = plan or (None, 0)
        suppressed = self._suppressed_mailboxes()
        self.hosted.faults.begin(trouble, at, meanwhile)
        action()
        self.hosted.faults.end()
        self._check_effects(suppressed)
        self._check_records()

    def _mail(self, which: int) -> Mail:
        return self.hosted.mailer.sent[-1 - which % len(self.hosted.mailer.sent)]

    def _key_of(self, mail: Mail) -> RecordKey:
        view = double_opt_in.show_confirm(link(mail), self._quiet())
        assert view.token
        return view.token.key

    def _quiet(self) -> Any:
        # Looking at a token must not be disturbed: the test does it, not the app.
        self.hosted.faults.end()
        return self.outside

    # What must hold -----------------------------------------------------------------------

    def _suppressed_mailboxes(self) -> set[str]:
        now = self.outside.now()
        return {
            key
            for key, row in self.hosted.records.mailboxes.items()
            if row.value.is_suppressed(now)
        }

    def _check_effects(self, suppressed: set[str]) -> None:
        """Mails and triggers: once, but for the attempts of which nobody knows the outcome."""
        seen = self.hosted.faults.seen
        overtaken = Trouble.OVERTAKEN in seen
        effects: Counter[Effect] = Counter()
        for number, call in enumerate(seen):
            if not isinstance(call, Call) or call.name not in {"send", "fire"}:
                continue
            subject = call.arguments[0]
            if call.name == "send":
                token = self.outside.tokens.read(Purpose.CONFIRM, link(subject))
                before = self.before.get(token.key)
                assert overtaken or before is None or not before.was_confirmed
                assert overtaken or token.key.mailbox_key not in suppressed, "mail after decline"
                effect = Effect(of=token.key, what=f"mail {subject.operation_id}")
            else:
                effect = Effect(of=None, what=f"trigger {subject.binding_id}")
                assert overtaken or not self._was_withdrawn(subject.binding_id), "no journey"
            clean = all(isinstance(later, Call) for later in seen[number:])
            if call.name == "fire" or not self.hosted.mailer.can_tell:
                assert effect not in self.settled_effects, f"{effect.what} again"
            effects[effect] += 1
            if clean and not overtaken:
                self.settled_effects.add(effect)
        assert all(count == 1 for count in effects.values()), effects

    def _check_records(self) -> None:
        now = self.outside.now()
        records = {key: stored.value for key, stored in self.hosted.records.records.items()}
        for key, record in self.before.items():
            if key not in records:
                assert not record.was_confirmed, "a confirmed record vanished"
                assert now >= record.forget_at or key in self.declined
                self.ended.add(key.registration_id)
                # A website that sends the same key once more after that begins anew.
                self.settled_effects = {
                    effect for effect in self.settled_effects if effect.of != key
                }
        for key, record in records.items():
            if record.was_confirmed and not _has_ended(record):
                assert self.hosted.is_waiting(
                    key.registration_id, "promotions", "promotions-poison"
                ), "a click that nobody promotes"
            for note in record.mails:
                self.taken[key.mailbox_key, key.registration_id, note.number] = note.taken_at
        for key in self.shown_as_confirmed:
            assert records[key].was_confirmed, "a confirmation that was shown is lost"
        for key in self.shown_as_withdrawn:
            assert records[key].was_withdrawn, "a withdrawal that was shown is lost"
        for key, record in records.items():
            assert all(note.opted_out_at for note in record.withdrawals) or self.hosted.is_waiting(
                key.registration_id, "promotions", "promotions-poison"
            ), "a withdrawal that nobody carries out"
        ended = self.ended | self.hosted.log.ended
        stored = {key.registration_id for key in records}
        for lost in self.acknowledged - ended - stored:
            assert self.hosted.is_waiting(lost), f"{lost} was acknowledged and is nowhere"
        self._check_evidence(records)
        self.before = records
        self._check_contacts()
        self._check_budget()

    def _check_evidence(self, records: dict[RecordKey, Record]) -> None:
        by_mailbox: dict[str, list[Record]] = {}
        for key, record in records.items():
            if record.chain != getattr(self.before.get(key), "chain", None):
                assert_proven(record)
            by_mailbox.setdefault(key.mailbox_key, []).append(record)
        for mailbox, those in by_mailbox.items():
            assert_linear(those)
            last = self.hosted.records.mailboxes[mailbox].value.last_asked
            assert last, "the next would begin a chain of its own"
            assert last not in {record.chain.previous for record in those}, "the chain would fork"

    def _check_contacts(self) -> None:
        contacts = Counter(canonical(one.email) for one in self.hosted.insights.contacts.values())
        assert all(count == 1 for count in contacts.values()), contacts
        confirmed = {
            canonical(record.email) for record in self.before.values() if record.was_confirmed
        }
        assert set(contacts) <= confirmed, "Dataverse knows somebody who did not confirm"

    def _was_withdrawn(self, binding_id: str) -> bool:
        return any(
            record.was_withdrawn and binding_id == f"doiregistration/{record.registration_id}"
            for record in self.before.values()
        )

    def _check_last_words(self) -> None:
        """Of each address what was said last counts, whatever was written last."""
        spoken: dict[str, tuple[list[datetime], list[datetime]]] = {}
        for record in self.before.values():
            yes, no = spoken.setdefault(canonical(record.email), ([], []))
            yes += [record.click.at.replace(microsecond=0)] if record.click else []
            no += [note.at.replace(microsecond=0) for note in record.withdrawals]
        said = {
            address: row.opted_in for (address, _, _), row in self.hosted.insights.consents.items()
        }
        assert said == {
            address: not no or max(yes) > max(no) for address, (yes, no) in spoken.items()
        }

    def _check_budget(self) -> None:
        """Never more mails taken in a day than the mailbox's cap."""
        cap = self.outside.rules.mail_limits.per_day
        by_mailbox: dict[str, list[datetime]] = {}
        for (mailbox, _, _), at in self.taken.items():
            by_mailbox.setdefault(mailbox, []).append(at)
        for times in by_mailbox.values():
            times.sort()
            for first, later in zip(times, times[cap:], strict=False):
                assert later - first >= DAY, "over the cap"

    def everything_comes_to_its_end(self) -> None:
        """All trouble ends, poison is replayed: nothing may be left undone, or left over."""
        began = self.outside.now()
        self.hosted.replay_poison()
        for _ in range(MOST_DELIVERIES):
            due = self.hosted.next_due()
            if due is None:
                break
            self.outside.clock = max(self.outside.clock, due)
            for queue, waiting in self.hosted.visible():
                self._step(partial(self.hosted.deliver, queue, waiting))
            for record in self.before.values():
                overdue = self.outside.now() - max(began, record.forget_at)
                assert record.was_confirmed or overdue <= LATE, "not forgotten in time"
        assert not any(self.hosted.queues.messages.values()), "something never ends"
        assert all(_has_ended(record) for record in self.before.values())
        assert all(
            note.opted_out_at for record in self.before.values() for note in record.withdrawals
        )
        left = {key: row.value for key, row in self.hosted.records.mailboxes.items()}
        kept = {key.mailbox_key for key in self.before}
        assert left.keys() == kept, "a mailbox's row without a record, or the reverse"
        for row in left.values():
            assert row == MailboxRow(last_asked=row.last_asked), "more than the chain needs"
        fired = {trigger.binding_id for trigger in self.hosted.insights.triggers}
        asked = {f"doiregistration/{key.registration_id}" for key in self.before}
        withdrawn = {binding_id for binding_id in asked if self._was_withdrawn(binding_id)}
        assert asked - withdrawn <= fired <= asked
        reached = {canonical(one.email) for one in self.hosted.insights.contacts.values()}
        promoted = {
            canonical(record.email)
            for record in self.before.values()
            if record.status is Status.PROMOTED
        }
        assert promoted <= reached <= {canonical(one.email) for one in self.before.values()}
        self._check_last_words()
        self._check_kept_mails()

    def _check_kept_mails(self) -> None:
        """What is noted as sent can be shown, and is what left."""
        left = {mime_message(wire_mail(mail)) for mail in self.hosted.mailer.sent}
        for record in self.before.values():
            for note in record.mails:
                if note.sent_at:
                    assert self.outside.kept_mails.rebuild(record, note.number) in left


def _has_ended(record: Record) -> bool:
    return record.status is Status.PROMOTED or record.was_withdrawn


TestJourneys = Journeys.TestCase
TestJourneys.settings = settings(max_examples=400, stateful_step_count=40)
