"""Installations with people whose consents can be proven."""

from datetime import timedelta
from functools import cache

from cli.evidence.drawn import Draw, drawn
from cli.evidence.gathering import Bundle, gather
from cli.evidence.wording import Language
from shared import double_opt_in
from shared.ports import Deadline
from shared.values.record_notes import WithdrawalNote
from shared.values.registration import Registration
from shared.withdraw_link import links_of_address
from tests.bundle.checking import words
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.leads import worlds as leads
from tests.story import journey
from tests.story.test_mail_reports import report

ANNA = "anna@example.com"
SECONDS = 10


def asking(address: str, outside: FakeOutside, number: int = 1, **changes: object) -> Registration:
    """A registration of now."""
    asked = registration(address, number=number)
    return asked.model_copy(update={"asked_at": outside.now(), **changes})


def confirm(asked: Registration, outside: FakeOutside) -> None:
    """The person signs up, and presses the button three minutes later."""
    mail = journey.sign_up(asked, outside)
    outside.pass_time(timedelta(minutes=3))
    journey.press(journey.link(mail), outside)
    journey.deliver("promotions", outside)


def withdraw(address: str, outside: FakeOutside, *, one_click: bool = False) -> None:
    """Takes the latest confirmed registration back."""
    url = links_of_address(address, outside)[0].url
    note = WithdrawalNote(
        at=outside.now(), address="192.0.2.5", user_agent="MailApp/3", one_click=one_click
    )
    token = url.partition("token=")[2]
    double_opt_in.withdraw(token, note, Deadline(SECONDS), outside)


def busy_outside() -> FakeOutside:
    """Anna came from the website and withdrew, then from LinkedIn; both went all the way."""
    outside = leads.connected()
    first = asking(ANNA, outside)
    confirm(first, outside)
    report(outside, "Delivered", at=outside.now())
    outside.pass_time(timedelta(days=1))
    withdraw(ANNA, outside, one_click=True)
    outside.pass_time(timedelta(days=1))
    leads.add_lead(outside)
    leads.arrive(outside)
    leads.deliver("registrations", outside)
    outside.pass_time(timedelta(minutes=5))
    journey.press(journey.link(outside.mailer.sent[-1]), outside)
    journey.deliver("promotions", outside)
    outside.pass_time(timedelta(hours=1, microseconds=123456))
    return outside


def bundle_of(
    outside: FakeOutside,
    address: str = ANNA,
    language: Language = Language.ENGLISH,
    draw: Draw = words,
) -> Bundle:
    """As `doi evidence` writes it, but for how the PDF is drawn."""
    bundle = gather(address, language, outside, draw)
    assert bundle is not None
    return bundle


@cache
def busy() -> Bundle:
    """Made once: nobody changes it. Its PDF has only the words."""
    return bundle_of(busy_outside())


@cache
def drawn_busy() -> Bundle:
    """The same with a real PDF."""
    return bundle_of(busy_outside(), draw=drawn)
