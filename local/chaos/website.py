"""The company's website: sends each sign-up, with the same key again until it is taken."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.chaos.experience import Experience
    from local.chaos.sign_ups import SignUp

ACCEPTED, UNAVAILABLE = 202, 503
ANSWER_SECONDS = 15.0
PAUSE_SECONDS = 0.5
THREADS = 12


class Website:
    """`experiences` has one entry for each sign-up of the plan, from the start."""

    def __init__(self, functions_url: str, experiences: Mapping[SignUp, Experience]) -> None:
        self._functions_url = functions_url
        self._experiences = experiences
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(THREADS, "website")
        self._calls: list[Future[None]] = []

    def sign_up(self, sign_up: SignUp) -> None:
        """Returns at once."""
        self._calls.append(self._pool.submit(self._send_until_taken, sign_up))

    @property
    def busy(self) -> int:
        """How many calls have not come to their end. Raises what a call raised."""
        for call in self._calls:
            if call.done():
                call.result()
        return sum(not call.done() for call in self._calls)

    def close(self) -> None:
        """Tells all calls to give up; does not wait for those that are waiting for an answer."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _send_until_taken(self, sign_up: SignUp) -> None:
        experience = self._experiences[sign_up]
        url = f"{self._functions_url}/api/forms/{sign_up.form}/registrations"
        while not self._closing.is_set():
            try:
                answer = requests.post(
                    url, json=sign_up.body, headers=sign_up.headers, timeout=ANSWER_SECONDS
                )
            except requests.RequestException:
                experience.calls_without_answer += 1
            else:
                experience.statuses.append(answer.status_code)
                if answer.status_code == ACCEPTED:
                    experience.registration_id = answer.json()["registrationId"]
                    experience.accepted_at = time.time()
                    return
                if answer.status_code != UNAVAILABLE:
                    return  # the accounting tells of it
            self._closing.wait(PAUSE_SECONDS)
