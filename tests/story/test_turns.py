"""Nobody is bombed, nobody is refused: who has to wait, and for how long."""

import dataclasses
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from shared import double_opt_in
from shared.values.mail_budget import MailLimits
from shared.values.mail_rate import MailRates
from shared.values.registration import Registration
from tests.examples import NOON, registration
from tests.fakes.outside import SOURCE_BUDGET, FakeOutside
from tests.story.journey import deliver, link, sign_up, stored
from tests.told import Told, told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FLOOD = "203.0.113.7"


def visitor(number: int, address: str | None = None) -> Registration:
    """One of many people, each from a network of its own unless `address` says otherwise."""
    return registration(f"visitor{number}@example.com").model_copy(
        update={
            "id": f"00000000-0000-4000-8000-{number:012}",
            "asked_from": address or f"198.51.{number % 250}.1",
        }
    )


def with_cooldown(cooldown: timedelta, per_day: int = 3) -> FakeOutside:
    outside = FakeOutside()
    limits = MailLimits(per_day=per_day, cooldown=cooldown)
    outside.rules = dataclasses.replace(outside.rules, mail_limits=limits)
    return outside


def test_the_second_mail_to_a_mailbox_waits_for_the_cooldown() -> None:
    outside = with_cooldown(timedelta(minutes=10))
    sign_up(visitor(1), outside)
    double_opt_in.register(visitor(1).model_copy(update={"id": visitor(2).id}), outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1
    (waiting,) = outside.queues.messages["registrations"]
    assert timedelta(minutes=10) <= waiting.visible_in <= timedelta(minutes=12.5)
    assert len(outside.queues.bodies("follow-ups")) == 1  # no broom for what is not stored
    outside.pass_time(timedelta(minutes=10))
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2


def test_every_spelling_of_an_address_cools_down_together() -> None:
    outside = with_cooldown(timedelta(minutes=10))
    for number, email in enumerate(("ada@gmail.com", "A.da+x@googlemail.com", "ADA@GMAIL.COM")):
        asked = visitor(number).model_copy(update={"email": email})
        double_opt_in.register(asked, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1
    assert len(outside.queues.bodies("registrations")) == 2


def test_waiting_uses_up_no_attempt() -> None:
    outside = with_cooldown(timedelta(minutes=10))
    sign_up(visitor(1), outside)
    double_opt_in.register(visitor(1).model_copy(update={"id": visitor(2).id}), outside)
    for _ in range(20):
        deliver("registrations", outside)
    (body,) = outside.queues.bodies("registrations")
    assert '"attempt":1' in body


def test_what_exceeds_the_daily_cap_ends_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    outside = with_cooldown(timedelta(0), per_day=1)
    sign_up(visitor(1), outside)
    double_opt_in.register(visitor(1).model_copy(update={"id": visitor(2).id}), outside)
    caplog.set_level("INFO")
    deliver("registrations", outside)
    withheld, ended = told(caplog)
    whose = {"registration": visitor(2).id, "form": "newsletter", "source": "website"}
    assert withheld == Told("INFO", "mail_withheld", {**whose, "reason": "daily_cap"})
    assert ended == Told("INFO", "expired", {**whose, "reason": "mail_withheld"})
    assert not outside.queues.bodies("registrations")
    assert len(outside.queues.bodies("follow-ups")) == 1


def test_a_network_beyond_its_budget_is_mailed_slowly_and_wholly() -> None:
    outside = FakeOutside()
    for number in range(3 * SOURCE_BUDGET):
        double_opt_in.register(visitor(number, FLOOD), outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == SOURCE_BUDGET
    waits = sorted(message.visible_in for message in outside.queues.messages["registrations"])
    spacing = HOUR / SOURCE_BUDGET
    assert waits[0] >= spacing
    assert waits[-1] >= 2 * HOUR
    outside.pass_time(HOUR)
    deliver("registrations", outside)  # also those whose time has not come
    assert len(outside.mailer.sent) == 2 * SOURCE_BUDGET
    outside.pass_time(HOUR)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 3 * SOURCE_BUDGET
    assert len({mail.to for mail in outside.mailer.sent}) == 3 * SOURCE_BUDGET


def test_a_budget_that_cannot_be_counted_slows_the_flood_all_the_same() -> None:
    outside = FakeOutside()
    outside.limits.down = True
    for number in range(100):
        asked = visitor(number, FLOOD)
        # Ids as they are: random.
        asked = asked.model_copy(update={"id": str(uuid5(NAMESPACE_OID, str(number)))})
        double_opt_in.register(asked, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 5  # those that need no counting
    for _ in range(4):
        outside.pass_time(HOUR / 4)
        deliver("registrations", outside)
        assert len(outside.mailer.sent) < 100 or outside.now() >= NOON + HOUR
    assert len(outside.mailer.sent) == 100


def test_a_network_that_is_no_small_one_leaves_half_of_a_short_quota() -> None:
    outside = FakeOutside(rates=MailRates(per_minute=12))
    for number in range(12):  # within its own budget
        double_opt_in.register(visitor(number, FLOOD), outside)
    for number in range(100, 105):
        double_opt_in.register(visitor(number), outside)
    deliver("registrations", outside)
    mailed = {mail.to for mail in outside.mailer.sent}
    assert {visitor(number).email for number in range(100, 105)} <= mailed


def test_a_provider_that_is_down_uses_up_no_quota() -> None:
    outside = FakeOutside(rates=MailRates(per_minute=30, per_hour=100))
    outside.mailer.down = True
    for number in range(30):
        double_opt_in.register(visitor(number), outside)
    for _ in range(20):
        deliver("registrations", outside)
        outside.pass_time(MINUTE)
    outside.mailer.down = False
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 30


def test_others_are_not_slowed_by_a_flood() -> None:
    outside = FakeOutside()
    for number in range(100):
        double_opt_in.register(visitor(number, FLOOD), outside)
    double_opt_in.register(visitor(500), outside)
    deliver("registrations", outside)
    assert outside.mailer.sent[-1].to == visitor(500).email


def test_own_servers_and_unknown_addresses_have_no_budget() -> None:
    outside = FakeOutside()
    own = outside.rules.unlimited_sources[0]
    mapped = visitor(3000, f"::ffff:{own[5]}")
    for number in range(100):
        double_opt_in.register(visitor(number, str(own[5])), outside)
        double_opt_in.register(visitor(2000 + number, mapped.asked_from), outside)
        unknown = visitor(1000 + number).model_copy(update={"asked_from": None})
        double_opt_in.register(unknown, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 300
    assert not [name for name in outside.limits.rows if name.startswith("sources")]


def test_a_flood_whose_turn_would_come_after_its_forgetting_time_expires(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = FakeOutside()
    caplog.set_level("INFO")
    for number in range(SOURCE_BUDGET + 1):
        double_opt_in.register(visitor(number, FLOOD), outside)
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=8))
    deliver("registrations", outside)
    last = [each for each in told(caplog) if each.event == "expired"]
    assert [(each.level, each.facts["reason"]) for each in last] == [("INFO", "source_budget")]
    assert not outside.queues.bodies("registrations")


def test_a_declined_mail_counts_against_its_network() -> None:
    outside = FakeOutside()
    mail = sign_up(visitor(1, FLOOD), outside)
    double_opt_in.decline(link(mail, "decline"), outside)
    for number in range(2, 50):
        double_opt_in.register(visitor(number, FLOOD), outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1 + SOURCE_BUDGET - SOURCE_BUDGET // 5


def test_a_counter_that_is_down_stops_no_decline_and_no_small_source() -> None:
    outside = FakeOutside()
    outside.limits.down = True
    mail = sign_up(visitor(1, FLOOD), outside)
    double_opt_in.decline(link(mail, "decline"), outside)
    assert stored(visitor(1, FLOOD), outside) is None


def test_mails_keep_to_the_quota_and_none_is_lost() -> None:
    outside = FakeOutside(rates=MailRates(per_minute=30, per_hour=100))
    for number in range(250):
        double_opt_in.register(visitor(number), outside)
    sent_by_minute = []
    for _ in range(4 * 60):
        before = len(outside.mailer.sent)
        deliver("registrations", outside)
        sent_by_minute.append(len(outside.mailer.sent) - before)
        outside.pass_time(MINUTE)
    assert sum(sent_by_minute) == 250
    assert max(sent_by_minute) <= 30
    for start in range(len(sent_by_minute) - 60):
        assert sum(sent_by_minute[start : start + 60]) <= 100
    assert not outside.queues.bodies("registrations-poison")


def test_people_who_wait_go_before_a_flood() -> None:
    outside = FakeOutside(rates=MailRates(per_minute=30))
    for number in range(SOURCE_BUDGET + 100):
        double_opt_in.register(visitor(number, FLOOD), outside)
    deliver("registrations", outside)
    outside.pass_time(6 * HOUR)  # all of the flood is due at once
    for number in range(1000, 1015):
        double_opt_in.register(visitor(number), outside)
    deliver("registrations", outside)  # the flood stands before them in the queue
    people = {visitor(number).email for number in range(1000, 1015)}
    assert people <= {mail.to for mail in outside.mailer.sent}


def test_a_renewal_that_has_to_wait_keeps_its_record() -> None:
    outside = with_cooldown(timedelta(hours=5))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(timedelta(days=6, hours=23))
    later = {"id": visitor(9).id, "asked_at": outside.now()}
    sign_up(asked.model_copy(update=later), outside)  # so that the mailbox cools down
    double_opt_in.renew(token, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
    outside.pass_time(timedelta(hours=2))
    deliver("follow-ups", outside)  # the time at which it would have been forgotten
    outside.pass_time(timedelta(hours=4))
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 3
    assert stored(asked, outside) is not None


def test_a_crossed_ceiling_alarms_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    outside.rules = dataclasses.replace(outside.rules, form_ceiling=10)
    for number in range(12):
        double_opt_in.register(visitor(number), outside)
    deliver("registrations", outside)
    [alarm] = [each for each in told(caplog) if each.level == "ERROR"]
    assert alarm.event == "form_over_ceiling"
    assert alarm.has(form="newsletter", registrations_today=10, ceiling=10)
    assert len(outside.mailer.sent) == 12


def test_a_form_may_have_a_ceiling_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    own = {"daily_ceiling": 3}
    outside.forms = {name: form.model_copy(update=own) for name, form in outside.forms.items()}
    for number in range(4):
        double_opt_in.register(visitor(number), outside)
    deliver("registrations", outside)
    assert [each for each in told(caplog) if each.has(ceiling=3)]
