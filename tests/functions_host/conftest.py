"""The ways to call functions, as a parameter of every test that starts a host."""

import pytest

from tests.functions_host.running_host import INVOKERS


@pytest.fixture(params=INVOKERS, scope="module")
def invoker(request: pytest.FixtureRequest) -> str:
    """`direct` or `runtime`."""
    return str(request.param)
