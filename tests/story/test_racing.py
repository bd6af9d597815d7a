"""Two workers at once: whoever comes second finds the other's claim and waits."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.ports import Deadline, Receipt, SentMail
from shared.values.contact import TriggerCall
from shared.values.link_view import LinkState
from shared.values.mail import Mail
from shared.values.record import Status
from shared.values.record_notes import MailKind
from tests.examples import registration
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import CLAIM, FakeOutside
from tests.fakes.queues import FakeQueues
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored


@dataclass
class Interrupted:
    """Runs `meanwhile` once, inside the call that it is put around."""

    meanwhile: Callable[[], None] | None = None

    def now(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()


class MailerWithVisitor(FakeMailer):
    """While it sends, something else happens."""

    visitor = Interrupted()

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        self.visitor.now()
        return super().send(mail, again=again)


class DataverseWithVisitor(FakeCustomerInsights):
    """While it fires, something else happens."""

    visitor = Interrupted()

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        self.visitor.now()
        super().fire(trigger, contact_id, deadline)


def test_one_registration_queued_twice_is_one_mail() -> None:
    outside = FakeOutside(mailer=MailerWithVisitor())
    asked = registration()
    double_opt_in.register(asked, outside)
    double_opt_in.register(asked, outside)  # the same Idempotency-Key
    first, second = outside.queues.take_all("registrations")
    MailerWithVisitor.visitor.meanwhile = lambda: redeliver("registrations", [second], outside)
    redeliver("registrations", [first], outside)
    assert len(outside.mailer.sent) == 1
    deliver("registrations", outside)  # the second, postponed
    assert len(outside.mailer.sent) == 1


def test_two_promotions_at_once_fire_one_trigger() -> None:
    outside = FakeOutside(customer_insights=DataverseWithVisitor())
    asked = registration()
    token = link(sign_up(asked, outside))
    DataverseWithVisitor.visitor.meanwhile = lambda: _deliver_promotions(outside)
    assert press(token, outside).state is LinkState.CONFIRMED
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED


def _deliver_promotions(outside: FakeOutside) -> None:
    redeliver("promotions", outside.queues.bodies("promotions"), outside)


def test_a_worker_that_died_while_sending_is_replaced_when_its_claim_ends() -> None:
    outside = FakeOutside(mailer=MailerWithVisitor())
    double_opt_in.register(registration(), outside)
    (body,) = outside.queues.take_all("registrations")

    def die() -> None:
        raise KeyboardInterrupt

    MailerWithVisitor.visitor.meanwhile = die
    with contextlib.suppress(KeyboardInterrupt):
        redeliver("registrations", [body], outside)
    redeliver("registrations", [body], outside)
    assert not outside.mailer.sent
    (waiting,) = outside.queues.messages["registrations"]
    assert CLAIM <= waiting.visible_in <= CLAIM * 1.25
    outside.pass_time(CLAIM + timedelta(seconds=1))
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_a_worker_that_died_while_firing_is_replaced_when_its_claim_ends() -> None:
    outside = FakeOutside(customer_insights=DataverseWithVisitor())
    asked = registration()
    token = link(sign_up(asked, outside))

    def die() -> None:
        raise KeyboardInterrupt

    DataverseWithVisitor.visitor.meanwhile = die
    with contextlib.suppress(KeyboardInterrupt):
        press(token, outside)
    deliver("promotions", outside)
    assert not outside.customer_insights.triggers
    outside.pass_time(CLAIM + timedelta(seconds=1))
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1
    assert len(outside.customer_insights.contacts) == 1


def test_a_failed_attempt_gives_its_claim_back_at_once() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.customer_insights.known_triggers = {}
    press(token, outside)
    outside.customer_insights.known_triggers = None
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1


def test_a_repeated_attempt_sends_the_very_same_mail() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(TemporaryFailure("no answer", may_have_happened=True), unnoticed=True)
    deliver("registrations", outside)
    outside.pass_time(timedelta(hours=5))
    deliver("registrations", outside)
    (mail,) = outside.mailer.sent
    record = stored(asked, outside)
    assert record is not None
    form, at = outside.forms["newsletter"], record.mails[0].text_of
    rebuilt = outside.compose_mail(record, form, MailKind.CONFIRMATION, 1, at)
    assert rebuilt.text == mail.text


def test_after_a_long_outage_the_link_is_fresh() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(TemporaryFailure("quota"))
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=2))
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=2))
    token = link(outside.mailer.sent[0])
    assert double_opt_in.show_confirm(token, outside).state is LinkState.CONFIRM


class QueuesWithVisitor(FakeQueues):
    """While a message is put, something else happens."""

    visitor = Interrupted()

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        receipt = super().put(queue, body, visible_in=visible_in)
        if queue == "promotions":
            self.visitor.now()
        return receipt


def test_a_double_click_confirms_once_and_leaves_no_safety_net_behind() -> None:
    outside = FakeOutside(queues=QueuesWithVisitor())
    token = link(sign_up(registration(), outside))
    QueuesWithVisitor.visitor.meanwhile = lambda: _press_once(token, outside)
    assert press(token, outside).state is LinkState.CONFIRMED
    assert len(outside.customer_insights.triggers) == 1
    assert outside.queues.bodies("promotions") == []


def _press_once(token: str, outside: FakeOutside) -> None:
    assert press(token, outside).state is LinkState.CONFIRMED
