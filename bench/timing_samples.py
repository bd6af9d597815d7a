"""Calls of `register` for all kinds of address, in random order, each timed."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from bench.running_stack import Target
from bench.timing_answers import Answer
from bench.timing_people import SECONDS, Kind, People, registration, registrations_url

WARM_UP = 20
MILLISECONDS = 1e-6  # per nanosecond


@dataclass(frozen=True, kw_only=True)
class Samples:
    """By kind: milliseconds until the answer was read, and the answers that differ."""

    milliseconds: Mapping[str, list[float]]
    answers: Mapping[str, set[Answer]]


def take_samples(target: Target, people: People, *, calls: int, pause: float, seed: int) -> Samples:
    """`calls` for each kind, over one connection, one after another.

    `pause` (seconds) before each lets the app finish what the call before left to its queues.
    """
    order = [kind for kind in Kind for _ in range(calls)]
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    milliseconds: dict[str, list[float]] = {kind: [] for kind in Kind}
    answers: dict[str, set[Answer]] = {kind: set() for kind in Kind}
    address = registrations_url(target)
    with requests.Session() as session:
        for kind in [Kind.UNKNOWN] * WARM_UP:
            _timed(session, address, people.address(kind))
        for kind in order:
            time.sleep(pause)
            took, response = _timed(session, address, people.address(kind))
            milliseconds[kind].append(took)
            answers[kind].add(Answer.of(response))
    return Samples(milliseconds=milliseconds, answers=answers)


def _timed(session: requests.Session, url: str, email: str) -> tuple[float, requests.Response]:
    body = registration(email)
    started = time.perf_counter_ns()
    response = session.post(url, json=body, timeout=SECONDS)
    return (time.perf_counter_ns() - started) * MILLISECONDS, response
