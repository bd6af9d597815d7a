"""A member fills in a lead form on the simulator's page, and the whole stack does the rest."""

import pytest
from playwright.sync_api import expect

from tests.journey.customer_insights import known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to
from tests.journey.leads import validate_webhooks
from tests.journey.person import Person
from tests.journey.visits import Visits
from tests.running_stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_lead_form_on_linkedins_page(stack: Stack, visits: Visits, person: Person) -> None:
    validate_webhooks(stack)
    member = visits.new_page(language="en-GB")
    member.goto(stack.linkedin)
    member.get_by_role("link", name="Newsletter (English)").click()
    member.get_by_label("First name").fill(person.first_name)
    member.get_by_label("Last name").fill(person.last_name)
    member.get_by_label("E-mail address").fill(person.email)
    member.get_by_role("checkbox", name="I want to receive the Contoso newsletter").check()
    visits.photograph(member, "linkedin-1-lead-form")
    member.get_by_role("button", name="Submit").click()
    expect(member.get_by_text("Sent: lead")).to_be_visible()
    lead = member.get_by_role("status").locator("code").inner_text()
    delivery = member.get_by_role("region", name="Notifications").get_by_role("listitem")
    expect(delivery.filter(has_text=lead)).to_contain_text("Delivered (200)")
    visits.photograph(member, "linkedin-2-notified")

    member.goto(mail_to(stack, person.email).html_url)
    assert knows_nothing_about(stack, person)
    member.get_by_role("link", name="Continue to confirm").click()
    member.get_by_role("button").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Thank you for confirming")

    known = known_once_promoted(stack, person)
    [contact] = known.contacts
    assert (contact["firstname"], contact["lastname"]) == (person.first_name, person.last_name)
    assert contact["new_signupsource"] == "LinkedIn"
    [consent] = known.consents
    assert consent["msdynmkt_contactpointvalue"] == person.email
    [trigger] = known.triggers
    assert trigger["parameters"]["msdynmkt_source"] == "linkedin"
    assert trigger["parameters"]["msdynmkt_campaign"] == "autumn-en"
