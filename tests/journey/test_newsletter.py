"""From the sign-up to the trigger, by HTTP."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from tests.journey.customer_insights import known_about, known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to, mails_to
from tests.journey.person import Person, somebody
from tests.journey.sign_up import newsletter, open_link, post_json, press, sign_up
from tests.journey.storage import wait_for_record
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

COMMERCIAL = "10000000-0000-0000-0000-000000000003"
OPTED_IN = 534120001  # msdynmkt_value


def test_a_confirmed_registration_becomes_contact_consent_and_trigger(
    stack: Stack, person: Person
) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    assert mail.subject == "Bitte bestätigen Sie Ihre Newsletter-Anmeldung"
    assert mail.headers["auto-submitted"] == "auto-generated"
    assert knows_nothing_about(stack, person, registration_id)

    confirmed = press(mail.confirm_url)

    assert confirmed.status_code == 200
    assert "Ihre Anmeldung ist bestätigt" in confirmed.text
    known = known_once_promoted(stack, person)
    [contact] = known.contacts
    assert contact["firstname"] == person.first_name
    assert contact["lastname"] == person.last_name
    [consent] = known.consents
    assert consent["msdynmkt_value"] == OPTED_IN
    assert consent["_msdynmkt_purposeid_value"] == COMMERCIAL
    assert consent["_msdynmkt_topicid_value"] is None
    assert registration_id in consent["msdynmkt_reason"]
    [trigger] = known.triggers
    assert trigger["name"] == "msdynmkt_doiconfirmed_1234567"
    parameters = dict(trigger["parameters"])
    for name in ("msdynmkt_signaltimestamp", "msdynmkt_signalingestiontimestamp"):
        assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", parameters.pop(name))
    assert parameters == {
        "msdynmkt_signaluserauthid": contact["contactid"],
        "msdynmkt_profileid": contact["contactid"],
        "msdynmkt_bindingid": f"doiregistration/{registration_id}",
        "msdynmkt_formid": "newsletter",
        "msdynmkt_source": "website",
        "msdynmkt_campaign": "spring",
        "msdynmkt_language": "de",
    }
    record = wait_for_record(stack, registration_id, "promoted")
    assert "answers" not in record  # they live in Dataverse now; the evidence stays
    assert consent["msdynmkt_reason"].rpartition(" ")[2] in record["consents"]


def test_opening_the_links_confirms_nothing(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    pending = wait_for_record(stack, registration_id, "pending")

    for link in (mail.confirm_url, mail.decline_url):
        for method in ("HEAD", "GET", "GET", "HEAD"):
            opened = open_link(link, method)
            assert opened.status_code == 200
            assert bool(opened.content) == (method == "GET")

    # But for the note of who opened the decline link, which asks machines for the code later.
    afterwards = {**wait_for_record(stack, registration_id, "pending")}
    assert json.loads(afterwards.pop("watch"))["wrongCodes"] == 0
    assert afterwards == pending
    assert knows_nothing_about(stack, person, registration_id)


def test_the_page_behind_the_link_has_one_button_and_guards_itself(
    stack: Stack, person: Person
) -> None:
    sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url

    opened = open_link(link)

    page = BeautifulSoup(opened.text, "html.parser")
    [button] = page.find_all("button")
    assert button.text == "Anmeldung bestätigen"
    assert not page.find_all("script")
    assert person.email not in opened.text
    assert opened.headers["Content-Type"] == "text/html; charset=utf-8"
    assert opened.headers["Content-Language"] == "de"
    assert opened.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src ")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["Cache-Control"] == "no-store"
    assert opened.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_every_further_click_shows_the_right_page(stack: Stack, person: Person) -> None:
    sign_up(stack, person)
    mail = mail_to(stack, person.email)
    press(mail.confirm_url)
    before = known_once_promoted(stack, person)

    # "This was not me" comes too late: only a withdrawal takes a given consent back.
    for answer in (press(mail.confirm_url), open_link(mail.confirm_url)):
        assert answer.status_code == 200
        assert "Ihre Anmeldung ist bestätigt" in answer.text
    for answer in (open_link(mail.decline_url), press(mail.decline_url)):
        assert answer.status_code == 200
        assert "Diese Anmeldung wurde schon bestätigt" in answer.text

    assert known_about(stack, person) == before


def test_declining_deletes_the_registration(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    wait_for_record(stack, registration_id, "pending")
    assert "Haben Sie sich gar nicht angemeldet?" in open_link(mail.decline_url).text

    declined = press(mail.decline_url)

    assert declined.status_code == 200
    for answer in (
        declined,
        press(mail.decline_url),
        open_link(mail.decline_url),
        open_link(mail.confirm_url),
        press(mail.confirm_url),
    ):
        assert "Die Anmeldung ist gelöscht" in answer.text
    assert knows_nothing_about(stack, person, registration_id)


@pytest.mark.parametrize("first_name", ["Ζωή", "सविता", "김", "O'Neil-Łukasz", "محمد"])
def test_names_of_every_script_arrive_unchanged(stack: Stack, first_name: str) -> None:
    person = somebody(first_name)
    sign_up(stack, person)

    press(mail_to(stack, person.email).confirm_url)

    [contact] = known_once_promoted(stack, person).contacts
    assert contact["firstname"] == first_name


def test_an_unknown_language_falls_back(stack: Stack, person: Person) -> None:
    assert post_json(stack, newsletter(person) | {"locale": "tlh"}).status_code == 202

    mail = mail_to(stack, person.email)

    assert mail.subject == "Please confirm your newsletter sign-up"
    assert mail.headers["content-language"] == "en"


def test_who_is_known_already_stays_one_contact(stack: Stack, person: Person) -> None:
    sign_up(stack, person)
    press(mail_to(stack, person.email).confirm_url)
    [contact] = known_once_promoted(stack, person).contacts

    # Later, without a last name: the contact keeps the one it has.
    again = newsletter(person, firstName="Erika Maria", lastName=None)
    second_id = post_json(stack, again).json()["registrationId"]
    wait_for_record(stack, second_id, "pending")
    for mail in mails_to(stack, person.email):
        press(mail.confirm_url)
    wait_for_record(stack, second_id, "promoted")

    known = known_about(stack, person)
    [after] = known.contacts
    assert after["contactid"] == contact["contactid"]
    assert after["firstname"] == "Erika Maria"
    assert after["lastname"] == person.last_name
    assert len(known.consents) == 1
    assert len(known.triggers) == 2
