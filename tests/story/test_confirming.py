"""From the call to the trigger, and everything that may be repeated on the way."""

from datetime import timedelta

from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.values.link_view import LinkState
from shared.values.record import Status
from tests.examples import NOON, registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored


def test_a_registration_becomes_contact_consent_and_trigger() -> None:
    outside = FakeOutside()
    asked = registration()
    mail = sign_up(asked, outside)
    assert mail.to == "anna@example.com"
    assert not outside.customer_insights.contacts
    view = press(link(mail), outside)
    assert view.state is LinkState.CONFIRMED
    contact = outside.customer_insights.contact_of("anna@example.com")
    assert contact is not None
    link_to_withdraw = contact.columns.pop("new_withdrawlink")
    assert str(link_to_withdraw).startswith("https://doi.contoso.example/api/withdraw?token=")
    assert contact.columns == {"emailaddress1": "anna@example.com", "firstname": "Anna"}
    assert len(outside.customer_insights.consents) == 1
    (fired,) = outside.customer_insights.triggers
    assert fired.binding_id == f"doiregistration/{asked.id}"
    assert fired.contact_id == contact.id
    assert fired.attributes == {
        "msdynmkt_formid": "newsletter",
        "msdynmkt_source": "website",
        "msdynmkt_campaign": "spring",
        "msdynmkt_language": "de",
    }


def test_the_promoted_record_keeps_the_evidence_and_not_the_answers() -> None:
    outside = FakeOutside()
    asked = registration()
    mail = sign_up(asked, outside)
    outside.pass_time(timedelta(hours=2))
    press(link(mail), outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert record.answers is None
    assert record.consents == asked.consents
    assert record.asked_at == NOON
    assert record.asked_from == "203.0.113.7"
    (note,) = record.mails
    assert note.sent_at == NOON
    assert note.message_id == mail.operation_id
    assert note.subject == mail.subject
    assert record.click is not None
    assert record.click.at == NOON + timedelta(hours=2)
    assert record.click.address == "198.51.100.9"
    assert record.promotion is not None
    assert record.promotion.triggered_at == outside.now()


def test_nothing_reaches_dataverse_before_the_button() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    for _ in range(5):
        assert double_opt_in.show_confirm(token, outside).state is LinkState.CONFIRM
    assert not outside.customer_insights.contacts
    assert not outside.customer_insights.consents
    assert not outside.queues.bodies("promotions")


def test_a_redelivered_registration_sends_no_second_mail() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    bodies = deliver("registrations", outside)
    redeliver("registrations", bodies * 3, outside)
    assert len(outside.mailer.sent) == 1


def test_a_registration_redelivered_after_the_click_changes_nothing() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    bodies = deliver("registrations", outside)
    press(link(outside.mailer.sent[0]), outside)
    redeliver("registrations", bodies, outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert len(outside.mailer.sent) == 1


def test_a_mail_that_left_unnoticed_is_not_sent_again_where_the_provider_can_tell() -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(_lost(), unnoticed=True)
    deliver("registrations", outside)
    deliver("registrations", outside)  # the postponed message
    assert len(outside.mailer.sent) == 1
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PENDING


def test_pressing_again_shows_the_same_page_and_does_nothing_twice() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    for _ in range(3):
        assert press(token, outside).state is LinkState.CONFIRMED
    assert len(outside.customer_insights.triggers) == 1
    assert len(outside.customer_insights.contacts) == 1
    assert double_opt_in.show_confirm(token, outside).state is LinkState.CONFIRMED


def test_a_redelivered_promotion_writes_nothing_twice() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.customer_insights.failures.append(_lost())
    press(token, outside)
    bodies = deliver("promotions", outside)
    assert len(bodies) == 1
    redeliver("promotions", bodies * 3, outside)
    assert len(outside.customer_insights.triggers) == 1
    assert len(outside.customer_insights.contacts) == 1


def test_the_safety_net_is_taken_back_when_it_is_not_needed() -> None:
    outside = FakeOutside()
    press(link(sign_up(registration(), outside)), outside)
    assert outside.queues.bodies("promotions") == []


def test_a_click_is_possible_before_the_mail_is_noted() -> None:
    """The worker died between sending and noting; the person has the mail already."""
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(_lost(), unnoticed=True)
    deliver("registrations", outside)
    assert press(link(outside.mailer.sent[0]), outside).state is LinkState.CONFIRMED
    deliver("registrations", outside)
    record = stored(asked, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert len(outside.mailer.sent) == 1


def test_two_registrations_of_one_address_are_two_records_and_one_contact() -> None:
    outside = FakeOutside()
    first = sign_up(registration(number=1), outside)
    second = sign_up(registration(number=2), outside)
    press(link(first), outside)
    press(link(second), outside)
    assert len(outside.customer_insights.contacts) == 1
    assert len(outside.customer_insights.consents) == 1
    assert len(outside.customer_insights.triggers) == 2


def _lost() -> TemporaryFailure:
    return TemporaryFailure("no answer", may_have_happened=True)
