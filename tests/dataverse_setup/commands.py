"""`doi dataverse …` on one of the worlds."""

import json
from dataclasses import dataclass, field
from typing import Any

from typer.testing import CliRunner, Result

from cli.app import app
from tests.dataverse_setup.outside import SetUpOutside

DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, SETTINGS_WRONG, NO_ANSWER, REFUSED = range(7)


@dataclass
class Doi:
    """Runs commands; `outside` is what they get."""

    outside: SetUpOutside
    runner: CliRunner = field(default_factory=CliRunner)

    def __call__(self, *arguments: str, answer: str = "") -> Result:
        result = self.runner.invoke(
            app, ["dataverse", *arguments], input=answer, obj=lambda: self.outside
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def printed(self, *arguments: str) -> Any:
        """The JSON on stdout of a command that did what it should."""
        result = self(*arguments, "--json")
        assert result.exit_code == DONE, result.output
        return json.loads(result.stdout)
