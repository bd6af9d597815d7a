"""Mails that came twice, went to others or did not come end a benchmark."""

import smtplib
from collections.abc import Iterator, Sequence

import pytest

from bench.mail_sink import MailSink
from local.stack.addresses import HOST
from local.stack.free_ports import free_ports

ANNA, BEN, EVE = "anna@example.com", "ben@example.com", "eve@example.com"
MAIL = b"Subject: Hello\r\n\r\nHello\r\n"
SECONDS, AT_ONCE = 20.0, 0.05


class Catcher:
    """The sink, and somebody who mails."""

    def __init__(self, sink: MailSink, port: int) -> None:
        self.sink = sink
        self._port = port

    def mail(self, *recipients: str | list[str]) -> None:
        """One to each; to several people where it is a list."""
        with smtplib.SMTP(HOST, self._port) as server:
            for recipient in recipients:
                server.sendmail("newsletter@example.com", recipient, MAIL)


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    port = free_ports()[0]
    with MailSink(port) as sink:
        yield Catcher(sink, port)


def test_each_got_one(catcher: Catcher) -> None:
    catcher.sink.must_be_empty()
    catcher.mail(BEN, ANNA)
    mails = catcher.sink.take_one_each([ANNA, BEN], seconds=SECONDS)
    assert [mail.recipients for mail in mails] == [(BEN,), (ANNA,)]
    assert mails[0].at <= mails[1].at
    catcher.sink.must_be_empty()


@pytest.mark.parametrize(
    ("recipients", "wrong"),
    [
        ([ANNA, ANNA], "of 2 mails 1 did not come, but 1 came twice and 0 went to others"),
        ([ANNA, EVE], "of 2 mails 1 did not come, but 0 came twice and 1 went to others"),
        ([EVE, EVE], "of 2 mails 2 did not come, but 0 came twice and 2 went to others"),
        ([BEN], "1 of 2 mails came in"),
        ([], "0 of 2 mails came in"),
    ],
)
def test_others_are_told(catcher: Catcher, recipients: Sequence[str], wrong: str) -> None:
    catcher.mail(*recipients)
    with pytest.raises(RuntimeError, match=wrong):
        catcher.sink.take_one_each([ANNA, BEN], seconds=AT_ONCE)


@pytest.mark.parametrize("surplus", [ANNA, EVE])
def test_a_surplus_mail_does_not_wait_for_the_next_round(catcher: Catcher, surplus: str) -> None:
    catcher.mail(ANNA, BEN, surplus)
    catcher.sink.take_one_each([ANNA, BEN], seconds=SECONDS)
    with pytest.raises(RuntimeError, match="1 mails came that nobody waited for"):
        catcher.sink.must_be_empty()


def test_a_mail_to_two_is_one_too_many(catcher: Catcher) -> None:
    catcher.mail([ANNA, EVE])
    with pytest.raises(RuntimeError, match="1 went to others"):
        catcher.sink.take_one_each([ANNA], seconds=SECONDS)


def test_mails_can_still_be_taken_whoever_got_them(catcher: Catcher) -> None:
    catcher.mail(ANNA, EVE, BEN)
    taken = catcher.sink.take(2, seconds=SECONDS)
    assert [mail.recipients for mail in taken] == [(ANNA,), (EVE,)]
    assert [mail.recipients for mail in catcher.sink.take(1, seconds=SECONDS)] == [(BEN,)]
