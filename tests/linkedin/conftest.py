"""The scripted LinkedIn and the client in front of it."""

from collections.abc import Iterator

import pytest
import requests

from tests.linkedin.scripted_server import scripted_server
from tests.linkedin.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with (
        scripted_server() as linkedin,
        scripted_server() as service,
        requests.Session() as http,
    ):
        yield World(linkedin=linkedin, service=service, http=http)
