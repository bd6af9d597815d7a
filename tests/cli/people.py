"""Anna and others, as `doi find`, `doi export` and `doi erase` meet them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from typer.testing import CliRunner, Result

from cli.app import app
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import link, press, sign_up

ANNA, BERTA, TAGGED = "anna@example.com", "berta@example.com", "anna+x@example.com"
FIRST, SECOND, OTHER, BERTAS = (registration(number=number).id for number in (1, 2, 3, 4))
DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, NO_ANSWER, REFUSED = 0, 1, 2, 3, 5, 6

Doi = Callable[..., Result]


def people() -> FakeOutside:
    """Anna has confirmed, and asked once more; the tagged address and Berta have asked."""
    outside = FakeOutside()
    press(link(sign_up(registration(ANNA, 1), outside)), outside)
    for number, address in enumerate((ANNA, TAGGED, BERTA), start=2):
        outside.pass_time(timedelta(hours=1))
        asked = registration(address, number)
        sign_up(asked.model_copy(update={"asked_at": outside.now()}), outside)
    outside.pass_time(timedelta(minutes=1))
    return outside


def doi_on(outside: FakeOutside) -> Doi:
    """The command line in front of them."""

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(
            app, [*arguments], input=stdin, obj=lambda: outside, env={"COLUMNS": "200"}
        )

    return run


def printed(result: Result) -> Any:
    """The JSON of a command that ended well."""
    assert result.exit_code == DONE, result.output
    return json.loads(result.stdout)
