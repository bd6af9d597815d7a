"""The command line in front of the LinkedIn simulator."""

from collections.abc import Iterator

import pytest
import requests

from local.linkedin_simulator import RunningLinkedIn
from tests.cli.operated_linkedin import Operated
from tests.examples import NOON
from tests.linkedin_simulator.client import Api


@pytest.fixture
def operated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Operated]:
    """At noon of the examples, with the simulator's seed."""
    monkeypatch.setenv("COLUMNS", "200")
    with RunningLinkedIn(now=lambda: NOON) as running, requests.Session() as http:
        api = Api(running.url)
        with api.session:
            yield Operated(url=running.url, api=api, http=http)
