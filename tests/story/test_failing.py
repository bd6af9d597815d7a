"""Outages wait; what can never work goes to poison with its cause; the click is always kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from shared import double_opt_in
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.mail_claim import claim_next_mail
from shared.mailing import send_mail
from shared.ports import Deadline, Versioned
from shared.values.contact import TriggerCall
from shared.values.form import Form
from shared.values.link_view import LinkState
from shared.values.mail import Mail
from shared.values.mail_budget import MailboxRow
from shared.values.messages import MailAgainMessage, PromotionMessage
from shared.values.record import Record, Status
from shared.values.record_notes import MailKind
from tests.examples import key_of, registration
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import FakeOutside
from tests.fakes.records import FakeRecords
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.told import names, told


def test_a_queue_that_does_not_take_it_accepts_nothing() -> None:
    outside = FakeOutside()
    outside.queues.down = True
    with pytest.raises(TemporaryFailure):
        double_opt_in.register(registration(), outside)


def test_a_mail_that_cannot_go_now_comes_back_when_the_provider_said() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(TemporaryFailure("quota", retry_after=600))
    deliver("registrations", outside)
    (waiting,) = outside.queues.messages["registrations"]
    assert timedelta(seconds=600) <= waiting.visible_in <= timedelta(seconds=750)
    assert json.loads(waiting.body)["attempt"] == 1
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.MAILING
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1
    mailbox = outside.records.find_mailbox(record.mailbox_key).value
    assert len(mailbox.mailed_at) == 1  # one mail, one place in the budget


def test_waiting_grows_with_each_attempt() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    delays = []
    for _ in range(12):
        outside.mailer.fail_next(TemporaryFailure("down"))
        deliver("registrations", outside)
        delays.append(outside.queues.messages["registrations"][0].visible_in)
    assert delays[0] < timedelta(seconds=20)
    assert delays[3] > delays[0] * 3
    assert max(delays) <= timedelta(hours=1.25)
    assert "registrations-poison" not in outside.queues.messages


def test_a_rejected_recipient_goes_to_poison_with_the_cause_and_can_be_replayed() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(PermanentFailure("smtp 550"))
    deliver("registrations", outside)
    (poison,) = outside.queues.bodies("registrations-poison")
    assert json.loads(poison)["failure"] == "smtp 550"
    record = stored(asked, outside)
    assert record is not None
    assert (record.status, record.failure) == (Status.FAILED, "smtp 550")
    redeliver("registrations", [poison], outside)  # the cause was mended
    record = stored(asked, outside)
    assert record is not None
    assert (record.status, record.failure) == (Status.PENDING, None)
    assert len(outside.mailer.sent) == 1


def test_the_click_is_kept_while_dataverse_is_down() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.failures += [TemporaryFailure("503")] * 3
    assert press(token, outside).state is LinkState.CONFIRMED
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.CONFIRMED
    for _ in range(3):
        deliver("promotions", outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert len(outside.customer_insights.triggers) == 1


def test_the_safety_net_waits_long_enough_for_the_inline_attempt() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    (net,) = outside.queues.messages["promotions"]
    assert net.visible_in == timedelta(seconds=30)


def test_the_click_honours_how_long_dataverse_wants_to_be_left_alone() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.customer_insights.failures.append(TemporaryFailure("429", retry_after=300))
    assert press(token, outside).state is LinkState.CONFIRMED
    (net,) = outside.queues.messages["promotions"]
    assert net.visible_in == timedelta(seconds=300)
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1


def test_a_finished_sub_step_is_not_repeated() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    press_with_trigger_down(token, outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.promotion is not None
    contact = outside.customer_insights.contact_of(asked.email)
    assert contact is not None
    modified = contact.modified
    deliver("promotions", outside)
    assert contact.modified == modified  # the contact was not written again
    assert len(outside.customer_insights.triggers) == 1


def press_with_trigger_down(token: str, outside: FakeOutside) -> None:
    outside.customer_insights.known_triggers = {}
    press(token, outside)
    outside.customer_insights.known_triggers = None


def test_a_missing_trigger_goes_to_poison_and_can_be_replayed() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.known_triggers = {}
    assert press(token, outside).state is LinkState.CONFIRMED
    deliver("promotions", outside)
    (poison,) = outside.queues.bodies("promotions-poison")
    assert "msdynmkt_doiconfirmed_1234567" in json.loads(poison)["failure"]
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.FAILED
    assert double_opt_in.show_confirm(token, outside).state is LinkState.CONFIRMED
    outside.customer_insights.known_triggers = None
    redeliver("promotions", [poison], outside)
    record = stored(asked, outside)
    assert record is not None
    assert (record.status, record.failure) == (Status.PROMOTED, None)


def test_a_form_that_was_removed_goes_to_poison_and_its_links_still_work() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    forms = outside.forms
    outside.forms = {}
    assert press(token, outside).state is LinkState.CONFIRMED
    deliver("promotions", outside)
    (poison,) = outside.queues.bodies("promotions-poison")
    assert "newsletter" in json.loads(poison)["failure"]
    outside.forms = forms
    redeliver("promotions", [poison], outside)
    assert len(outside.customer_insights.triggers) == 1


def test_a_consent_that_left_the_form_goes_to_poison() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    form = outside.forms["newsletter"]
    renamed = form.consents[0].model_copy(update={"id": "other"})
    outside.forms = {"newsletter": form.model_copy(update={"consents": (renamed,)})}
    press(token, outside)
    deliver("promotions", outside)
    (poison,) = outside.queues.bodies("promotions-poison")
    assert "no longer has the consent 'newsletter'" in json.loads(poison)["failure"]


def test_storage_down_at_the_click_asks_to_press_again() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.table.down = True
    with pytest.raises(TemporaryFailure):
        press(token, outside)
    outside.table.down = False
    assert press(token, outside).state is LinkState.CONFIRMED


def test_no_failure_names_the_person(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    asked = registration()
    caplog.set_level("DEBUG")
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(TemporaryFailure("down"))
    deliver("registrations", outside)
    deliver("registrations", outside)
    outside.customer_insights.known_triggers = {}
    press(link(outside.mailer.sent[0]), outside)
    deliver("promotions", outside)
    logged = caplog.text
    assert asked.id in logged
    assert "poisoned" in logged
    assert "anna" not in logged.lower()


def test_a_refused_mail_leaves_no_person_in_the_poison_queue() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(PermanentFailure("smtp 550"))
    deliver("registrations", outside)
    (poison,) = outside.queues.bodies("registrations-poison")
    assert "anna" not in poison.lower()
    assert "203.0.113.7" not in poison


def test_an_answer_that_the_form_no_longer_offers_is_not_named() -> None:
    outside = FakeOutside()
    asked = registration().model_copy(update={"form": "whitepaper", "consents": ()})
    asked = asked.model_copy(update={"answers": {"email": asked.email, "companySize": "Anna"}})
    token = link(sign_up(asked, outside))
    press(token, outside)
    deliver("promotions", outside)
    (poison,) = outside.queues.bodies("promotions-poison")
    assert "'companySize' no longer has the option" in json.loads(poison)["failure"]
    assert "Anna" not in poison


def test_a_refused_reminder_does_not_touch_what_was_confirmed_meanwhile() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    claim = claim_next_mail(key_of(asked), MailKind.REMINDER, 2, outside)
    assert claim is not None
    press(token, outside)
    outside.mailer.fail_next(PermanentFailure("smtp 550"))
    with pytest.raises(PermanentFailure):
        send_mail(claim, outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert len(outside.customer_insights.triggers) == 1


def test_a_bug_in_the_hand_over_does_not_lose_the_click() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.failures.append(ZeroDivisionError())  # type: ignore[arg-type] # a bug
    assert press(token, outside).state is LinkState.CONFIRMED
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1


@pytest.mark.parametrize("step", ["mail", "promotion"])
def test_what_waits_for_an_operator_is_told_with_form_and_source(
    step: str, caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    if step == "mail":
        outside.mailer.fail_next(PermanentFailure("rejected"))
    deliver("registrations", outside)
    if step == "promotion":
        outside.customer_insights.known_triggers = {}
        press(link(outside.mailer.sent[0]), outside)
        deliver("promotions", outside)
    failed, poisoned = told(caplog)[-2:]
    whose = {"registration": asked.id, "form": "newsletter", "source": "website"}
    assert (failed.level, failed.event) == ("WARNING", "failed")
    assert failed.has(**whose, step=step)
    assert (poisoned.level, poisoned.event) == ("ERROR", "poisoned")
    assert poisoned.has(**whose, reason=failed.facts["reason"])


def test_what_was_never_mailed_ends_with_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.down = True
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=8))
    deliver("registrations", outside)
    deliver("follow-ups", outside)
    alarms = [each for each in told(caplog) if each.level == "ERROR"]
    assert names(alarms) == ["never_mailed"] * 2
    assert not outside.table.records


def test_a_mail_nobody_answers_for_is_not_repeated_for_ever() -> None:
    outside = FakeOutside()
    outside.mailer.can_tell = False
    double_opt_in.register(registration(), outside)
    for _ in range(6):
        outside.mailer.fail_next(
            TemporaryFailure("no answer", may_have_happened=True), unnoticed=True
        )
        deliver("registrations", outside)
    assert len(outside.mailer.sent) == 3
    (poison,) = outside.queues.bodies("registrations-poison")
    assert "replay" in json.loads(poison)["failure"]
    outside.mailer = FakeMailer()
    redeliver("registrations", [poison], outside)
    assert len(outside.mailer.sent) == 1


def test_an_outage_that_refuses_is_waited_out_however_long() -> None:
    outside = FakeOutside()
    outside.mailer.can_tell = False
    asked = registration()
    double_opt_in.register(asked, outside)
    for _ in range(40):
        outside.mailer.fail_next(TemporaryFailure("429"))
        deliver("registrations", outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_a_bug_while_sending_gives_the_claim_back() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    compose, outside.compose_mail = outside.compose_mail, _broken
    (body,) = outside.queues.take_all("registrations")
    with pytest.raises(ZeroDivisionError):
        redeliver("registrations", [body], outside)
    outside.compose_mail = compose
    redeliver("registrations", [body], outside)  # the host tries it again
    assert len(outside.mailer.sent) == 1


def _broken(record: Record, form: Form, kind: MailKind, number: int, at: datetime) -> Mail:
    raise ZeroDivisionError(record, form, kind, number, at)


def test_a_safety_net_that_comes_before_the_click_waits_for_it() -> None:
    """The instance stood still between putting the net and writing the click."""
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    key = key_of(asked)
    net = PromotionMessage(mailbox_key=key.mailbox_key, registration_id=key.registration_id)
    outside.queues.put("promotions", net.to_json())
    deliver("promotions", outside)
    assert len(outside.queues.bodies("promotions")) == 1
    outside.customer_insights.failures.append(TemporaryFailure("down"))
    press(token, outside)
    outside.queues.messages["promotions"].pop()  # the click's own net is the one that came early
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1


def test_a_safety_net_without_a_click_ends() -> None:
    outside = FakeOutside()
    asked = registration()
    sign_up(asked, outside)
    key = key_of(asked)
    net = PromotionMessage(mailbox_key=key.mailbox_key, registration_id=key.registration_id)
    outside.queues.put("promotions", net.to_json())
    for _ in range(5):
        deliver("promotions", outside)
    assert not outside.queues.bodies("promotions")


def test_a_click_that_storage_kept_but_did_not_answer_for_is_promoted() -> None:
    """The SDK repeats a write whose answer is lost; the repeat then meets the first one."""
    outside = FakeOutside(table=ForgetfulRecords())
    asked = registration()
    token = link(sign_up(asked, outside))
    ForgetfulRecords.lose_next_answer = True
    assert press(token, outside).state is LinkState.CONFIRMED
    assert len(outside.customer_insights.triggers) == 1


class ForgetfulRecords(FakeRecords):
    """Does the work once and then says that somebody else was faster."""

    lose_next_answer = False

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        saved = super().save(record, mailbox)
        if ForgetfulRecords.lose_next_answer:
            ForgetfulRecords.lose_next_answer = False
            raise Changed
        return saved


def test_a_trigger_that_fired_is_noted_whoever_else_writes_the_record() -> None:
    outside = FakeOutside()
    asked = registration()
    mail = sign_up(asked, outside)
    claim = claim_next_mail(key_of(asked), MailKind.REMINDER, 2, outside)
    assert claim is not None
    outside.customer_insights = DataverseBeside(lambda: send_mail(claim, outside))
    press(link(mail), outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert [note.sent_at is not None for note in record.mails] == [True, True]
    outside.pass_time(timedelta(hours=1))
    deliver("promotions", outside)
    assert len(outside.customer_insights.triggers) == 1


@dataclass
class DataverseBeside(FakeCustomerInsights):
    """While the trigger fires, something else happens, once."""

    meanwhile: Callable[[], None] | None = None

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        super().fire(trigger, contact_id, deadline)


def test_a_refused_reminder_does_not_stop_the_person_from_asking() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    claim = claim_next_mail(key_of(asked), MailKind.REMINDER, 2, outside)
    assert claim is not None
    outside.mailer.fail_next(PermanentFailure("smtp 550"))
    with pytest.raises(PermanentFailure):
        send_mail(claim, outside)
    outside.pass_time(timedelta(days=4))
    assert double_opt_in.renew(token, outside).state is LinkState.RENEWED
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2


def test_a_fresh_mail_that_was_promised_is_waited_for() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(timedelta(days=6, hours=12))
    double_opt_in.renew(token, outside)
    outside.mailer.fail_next(TemporaryFailure("429"))
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=1))
    deliver("follow-ups", outside)
    deliver("registrations", outside)
    assert press(link(outside.mailer.sent[-1]), outside).state is LinkState.CONFIRMED
    assert len(outside.mailer.sent) == 2


def test_a_reminder_that_the_person_asks_for_becomes_a_renewal() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(timedelta(days=6))
    reminder = MailAgainMessage(
        mailbox_key=key_of(asked).mailbox_key,
        registration_id=asked.id,
        mail=MailKind.REMINDER,
        number=2,
    )
    double_opt_in.renew(token, outside)
    double_opt_in.send_again(reminder, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
    outside.pass_time(timedelta(days=2))
    deliver("follow-ups", outside)
    assert press(link(outside.mailer.sent[1]), outside).state is LinkState.CONFIRMED
