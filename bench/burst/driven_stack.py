"""Sends calls to the local stack at given moments, and waits until its log tells of their end."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import local
from urllib.parse import urlsplit

import psutil
import requests

from bench.burst import host_log
from bench.burst.host_log import HostLog
from bench.burst.other_work import OtherWork
from bench.running_stack import Target

_SECONDS = 60.0
_DRAIN_SECONDS = 300.0
_POLL_SECONDS = 0.25
# Enough that nobody waits for a connection; when all come at once, as many as keep the app busy.
_CONNECTIONS, _AT_ONCE = 64, 16
_OK = frozenset({200, 202})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """When was called (since `began`), how long each waited for its answer, what the log says.

    `cpu` is of the functions host for all of it. In seconds. `others` are the cores that were busy
    with something else.
    """

    moments: Sequence[float]
    answered: Sequence[float]
    log: HostLog
    cpu: float
    others: float
    began: float  # Unix
    offset: int  # bytes of the log before it


class DrivenStack:
    """`log` is that of the stack's functions host."""

    def __init__(self, stack: Target, log: Path) -> None:
        self.stack = stack
        self._log = log
        self._host = _functions_host(stack)
        self._other_work = OtherWork(self._host)
        self._thread = local()

    def send(
        self,
        calls: Sequence[Callable[["DrivenStack"], None]],
        moments: Sequence[float],
        ends: str,
        count: int | None = None,
    ) -> Seen:
        """Each call at its moment, and on until as many events `ends` are in the log, or `count`.

        Raises RuntimeError when that does not happen.
        """
        offset, cpu = host_log.size(self._log), self._cpu()
        self._other_work.begin()
        began, start = time.time(), time.perf_counter()

        def timed(call: Callable[["DrivenStack"], None], moment: float) -> float:
            time.sleep(max(0.0, start + moment - time.perf_counter()))
            call(self)
            return time.perf_counter() - start - moment

        connections = _CONNECTIONS if any(moments) else _AT_ONCE
        with ThreadPoolExecutor(connections) as pool:
            answered = list(pool.map(timed, calls, moments))
        log = self.wait_for(ends, len(calls) if count is None else count, offset)
        return Seen(
            moments=moments,
            answered=answered,
            log=log,
            cpu=self._cpu() - cpu,
            others=self._other_work.cores(),
            began=began,
            offset=offset,
        )

    def post(self, url: str, *, json: object = None, data: object = None) -> None:
        """Over this thread's connection. Raises RuntimeError for any answer but 200 and 202."""
        self._check(self._session.post(url, json=json, data=data, timeout=_SECONDS))  # type: ignore[arg-type] # what requests takes

    def get(self, url: str) -> None:
        """Likewise."""
        self._check(self._session.get(url, timeout=_SECONDS))

    @property
    def _session(self) -> requests.Session:
        if not hasattr(self._thread, "session"):
            self._thread.session = requests.Session()
        session: requests.Session = self._thread.session
        return session

    def _check(self, answer: requests.Response) -> None:
        if answer.status_code not in _OK:
            raise RuntimeError(f"{answer.request.method}: {answer.status_code}")

    def wait_for(self, event: str, count: int, offset: int) -> HostLog:
        """The log behind `offset`, once it has so many of the event. Raises RuntimeError."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < deadline:
            log = host_log.read(self._log, offset)
            if len(log.times(event)) >= count:
                return log
            time.sleep(_POLL_SECONDS)
        raise RuntimeError(f"not everybody was {event}")

    def _cpu(self) -> float:
        times = self._host.cpu_times()
        return times.user + times.system


def _functions_host(stack: Target) -> psutil.Process:
    port = str(urlsplit(stack.functions).port)
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "local.functions_host" in command and port in command:
            return process
    raise RuntimeError("the stack's functions host does not run on this machine")


def apart(count: int, gap: float) -> list[float]:
    """Moments, `gap` seconds from each other."""
    return [number * gap for number in range(count)]


def poisson(count: int, per_second: float, draw: random.Random) -> list[float]:
    """Moments of people who know nothing of each other."""
    moment, moments = 0.0, []
    for _ in range(count):
        moments.append(moment)
        moment += draw.expovariate(per_second)
    return moments
