"""The mail that a real mail server got, and the one that is written once more for a court."""

from hashlib import sha256

import pytest
import requests

from shared.adapters.frames_table import FramesTable
from shared.adapters.records_table import RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.kept_mails.kept_mails import FramedMails
from shared.values.confirmation_token import Purpose, Tokens
from shared.values.kept_mail import MailNotKept
from shared.values.record import Record
from tests.journey.inbox import Mail, mail_to, mails_to
from tests.journey.leads import fill_in, validate_webhooks, wait_for_lead
from tests.journey.person import Person, somebody
from tests.journey.sign_up import press, press_with, sign_up, token_of
from tests.journey.storage import wait_for_record
from tests.journey.tokens import expired_link, keys, pepper
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack


def as_it_arrived(mail: Mail) -> bytes:
    answer = requests.get(mail.source_url, timeout=30)
    answer.raise_for_status()
    return answer.content


def record_with(registration_id: str, stack: Stack) -> Record:
    storage = ByConnectionString(connection_string=stack.azurite)
    [found] = RecordsTable(storage).with_id(registration_id)
    return found.value


def rebuilt(record: Record, number: int, stack: Stack) -> bytes:
    storage = ByConnectionString(connection_string=stack.azurite)
    return FramedMails(FramesTable(storage), pepper()).rebuild(record, number)


def test_the_mail_that_arrived_is_rebuilt_byte_for_byte(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    arrived = as_it_arrived(mail_to(stack, person.email))
    wait_for_record(stack, registration_id, "pending")
    record = record_with(registration_id, stack)
    assert rebuilt(record, 1, stack) == arrived
    assert record.noted(1).mime_digest == sha256(arrived).hexdigest()


def test_so_is_a_renewed_one_when_everything_is_done(stack: Stack, person: Person) -> None:
    expired = expired_link(stack, person)
    [first] = mails_to(stack, person.email)
    assert press_with(f"{stack.functions}/api/renew", token_of(expired)).ok
    until(lambda: len(mails_to(stack, person.email)) == 2, "a second mail")
    [fresh] = [mail for mail in mails_to(stack, person.email) if mail.id != first.id]
    registration_id = Tokens(keys()).read(Purpose.CONFIRM, token_of(expired)).key.registration_id
    until(lambda: record_with(registration_id, stack).noted(2).sent_at, "the note of it")
    press(fresh.confirm_url)
    wait_for_record(stack, registration_id, "promoted")
    record = record_with(registration_id, stack)
    assert rebuilt(record, 2, stack) == as_it_arrived(fresh)
    # The test has moved its moments back: that is no mail which was ever sent.
    with pytest.raises(MailNotKept, match="mail 1, written once more, is not the mail"):
        rebuilt(record, 1, stack)


def test_and_that_of_a_lead(stack: Stack, person: Person) -> None:
    validate_webhooks(stack)
    lead = fill_in(stack, person)
    arrived = as_it_arrived(mail_to(stack, person.email))
    registration_id = wait_for_lead(stack, lead, "taken_in")["registrationId"]
    wait_for_record(stack, registration_id, "pending")
    assert rebuilt(record_with(registration_id, stack), 1, stack) == arrived


def test_two_people_share_one_frame(stack: Stack, person: Person) -> None:
    frames = set()
    for each in (person, somebody()):
        registration_id = sign_up(stack, each)
        wait_for_record(stack, registration_id, "pending")
        frames.add(record_with(registration_id, stack).noted(1).frame)
    assert len(frames) == 1
