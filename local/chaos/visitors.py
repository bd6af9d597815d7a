"""The people: they read their mails and press buttons, again and again until a page comes."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests

from local.chaos.links import link_in, page_shown, token_in
from local.chaos.sign_ups import Behaviour
from shared.values.confirmation_token import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.chaos.caught_mail import CaughtMail
    from local.chaos.experience import Experience
    from local.chaos.links import Link
    from local.chaos.mail_server import MailServer
    from local.chaos.sign_ups import SignUp

UNAVAILABLE = 503
ANSWER_SECONDS = 30.0
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 30.0  # the other mail may have been postponed
THREADS = 32
POLL_SECONDS = 0.2
OPENED = 4


class Visitors:
    """Everybody who is planned; each acts in a thread of their own."""

    def __init__(self, mail_server: MailServer, experiences: Mapping[SignUp, Experience]) -> None:
        self._by_key = {sign_up.key: sign_up for sign_up in experiences}
        self._experiences = experiences
        uses = Counter(sign_up.email for sign_up in experiences)
        self._both_mails = {
            email: threading.Barrier(count) for email, count in uses.items() if count > 1
        }
        self._mail_server = mail_server
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(THREADS, "visitor")
        self._reactions: dict[SignUp, Future[None]] = {}
        self._reader = self._pool.submit(self._read_mails)

    @property
    def busy(self) -> int:
        """How many people still act. Raises what a person's thread raised."""
        if self._reader.done():
            self._reader.result()
        reactions = list(self._reactions.values())
        for reaction in reactions:
            if reaction.done():
                reaction.result()
        unread = self._mail_server.arrivals.qsize()
        return unread + sum(not reaction.done() for reaction in reactions)

    def close(self) -> None:
        """Tells everybody to go; does not wait for those who are waiting for a page."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _read_mails(self) -> None:
        while not self._closing.is_set():
            try:
                mail = self._mail_server.arrivals.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            sign_up = self._by_key.get((mail.recipient, token_in(mail).form))
            # People react to the first mail; a second copy does not change their mind.
            if sign_up is not None and sign_up not in self._reactions:
                self._reactions[sign_up] = self._pool.submit(self._react, sign_up, mail)

    def _react(self, sign_up: SignUp, mail: CaughtMail) -> None:
        self._closing.wait(sign_up.reacts_after)
        self._wait_for_the_other_mail(sign_up)
        match sign_up.behaviour:
            case Behaviour.IGNORE | Behaviour.UNREACHABLE:
                return
            case Behaviour.DECLINE:
                self._press(sign_up, link_in(mail, Purpose.DECLINE))
            case Behaviour.CONFIRM:
                self._press(sign_up, link_in(mail, Purpose.CONFIRM))
            case Behaviour.OPEN_OFTEN_THEN_CONFIRM:
                link = link_in(mail, Purpose.CONFIRM)
                for _ in range(OPENED):
                    self._open(sign_up, link)
                self._press(sign_up, link)
            case Behaviour.CONFIRM_TWICE_AT_ONCE:
                self._press_twice(sign_up, link_in(mail, Purpose.CONFIRM))

    def _wait_for_the_other_mail(self, sign_up: SignUp) -> None:
        """Who signed up twice confirms both at the same moment, to race for the one contact."""
        if both_are_there := self._both_mails.get(sign_up.email):
            with contextlib.suppress(threading.BrokenBarrierError):
                both_are_there.wait(PATIENCE_SECONDS)

    def _press_twice(self, sign_up: SignUp, link: Link) -> None:
        both_are_there = threading.Barrier(2)

        def press() -> None:
            both_are_there.wait()
            self._press(sign_up, link)

        second = threading.Thread(target=press, name="second finger")
        second.start()
        press()
        second.join()

    def _open(self, sign_up: SignUp, link: Link) -> None:
        """Whatever comes of it: opening must change nothing."""
        try:
            requests.get(
                link.address,
                params={"token": link.token},
                headers=sign_up.headers,
                timeout=ANSWER_SECONDS,
            )
        except requests.RequestException:
            self._experiences[sign_up].presses_without_page += 1

    def _press(self, sign_up: SignUp, link: Link) -> None:
        experience = self._experiences[sign_up]
        while not self._closing.is_set():
            try:
                answer = requests.post(
                    link.address,
                    data={"token": link.token},
                    headers=sign_up.headers,
                    timeout=ANSWER_SECONDS,
                )
            except requests.RequestException:
                experience.presses_without_page += 1
            else:
                if answer.status_code != UNAVAILABLE:
                    experience.pages.append(page_shown(answer.text))
                    return
                experience.presses_without_page += 1
            self._closing.wait(PAUSE_SECONDS)
