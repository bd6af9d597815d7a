"""The form with every kind of field, two consents, and no page of its own for any outcome."""

import pytest
import requests
from bs4 import BeautifulSoup

from tests.journey.customer_insights import known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import SECONDS, post_json, press, registrations_url
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

TOPIC = "20000000-0000-0000-0000-000000000001"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_every_kind_of_field_and_both_consents_arrive(stack: Stack, person: Person) -> None:
    body = {
        "fields": {
            "email": person.email,
            "firstName": person.first_name,
            "lastName": person.last_name,
            "jobTitle": "Head of “Everything”",
            "phone": "030 123456",
            "companySize": "medium",
            "interests": ["consent", "deliverability"],
            "projectStart": "2027-01-31",
            "existingCustomer": True,
            "message": "First line\nsecond line",
            "asset": "consent-that-holds",
        },
        "consents": ["download", "productNews"],
        "locale": "en-GB",
        "source": {"pageUrl": f"{stack.website}/whitepaper.html"},
    }
    accepted = post_json(stack, body, form="whitepaper")
    assert accepted.status_code == 202
    registration_id = accepted.json()["registrationId"]
    mail = mail_to(stack, person.email)
    assert mail.subject == "Please confirm your request for the white paper"
    assert knows_nothing_about(stack, person, registration_id)

    press(mail.confirm_url)

    known = known_once_promoted(stack, person)
    [contact] = known.contacts
    expected = {
        "emailaddress1": person.email,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "jobtitle": "Head of “Everything”",
        "telephone1": "+4930123456",
        "new_companysize": 100000001,
        "new_interests": "100000000,100000002",
        "new_projectstart": "2027-01-31",
        "new_existingcustomer": True,
        "description": "First line\nsecond line",
        "new_assetid": "consent-that-holds",
    }
    assert {column: contact[column] for column in expected} == expected
    topics = {consent["_msdynmkt_topicid_value"] for consent in known.consents}
    assert topics == {None, TOPIC}
    assert len(known.consents) == 2
    [trigger] = known.triggers
    assert trigger["name"] == "msdynmkt_whitepaperconfirmed_7654321"
    own = {
        name: trigger["parameters"][name]
        for name in trigger["parameters"]
        if name.rpartition("_")[2] in {"formid", "asset", "source", "campaign", "companysize"}
    }
    assert own == {
        "msdynmkt_formid": "whitepaper",
        "msdynmkt_asset": "consent-that-holds",
        "msdynmkt_source": "website",
        "msdynmkt_campaign": "none",
        "msdynmkt_companysize": "medium",
    }


def plain_post(stack: Stack, form: str, fields: list[tuple[str, str]]) -> requests.Response:
    """As a browser posts a form without a script."""
    return requests.post(
        registrations_url(stack, form),
        data=fields,
        headers=BROWSER | {"Origin": stack.website},
        timeout=SECONDS,
        allow_redirects=False,
    )


def test_a_plain_form_post_gets_a_page_and_the_optional_consent_stays_out(
    stack: Stack, person: Person
) -> None:
    answer = plain_post(
        stack,
        "whitepaper",
        [
            ("email", person.email),
            ("firstName", person.first_name),
            ("lastName", person.last_name),
            ("phone", ""),
            ("companySize", "small"),
            ("interests", "journeys"),
            ("interests", "consent"),
            ("asset", "consent-that-holds"),
            ("consent", "download"),
            ("locale", "de"),
        ],
    )
    assert answer.status_code == 202
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.h1 is not None
    assert page.h1.text == "Bitte sehen Sie in Ihr Postfach"

    press(mail_to(stack, person.email).confirm_url)

    known = known_once_promoted(stack, person)
    assert known.contacts[0]["new_interests"] == "100000000,100000001"
    [consent] = known.consents
    assert consent["_msdynmkt_topicid_value"] is None


def test_a_plain_form_post_goes_on_to_the_website_s_page(stack: Stack, person: Person) -> None:
    answer = plain_post(stack, "newsletter", [("email", person.email), ("consent", "newsletter")])

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{stack.website}/check-inbox.html"
    assert requests.get(answer.headers["Location"], timeout=SECONDS).status_code == 200
    assert mail_to(stack, person.email).confirm_url


def test_a_plain_form_post_with_mistakes_gets_a_page_that_names_them(
    stack: Stack, person: Person
) -> None:
    answer = plain_post(
        stack,
        "newsletter",
        [("email", "Mustermann"), ("lastName", f"<b>{person.last_name}"), ("locale", "de")],
    )

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert len(page.select(".mistakes li")) == 3
    assert "Bitte geben Sie eine gültige E-Mail-Adresse ein." in page.text
    assert "Ihre Einwilligung" in page.text
    assert person.last_name not in answer.text
