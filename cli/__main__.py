"""`python -m cli`: `doi`, in the app's folder and virtual environment."""

import sys

from cli.app import app
from cli.exit_codes import NO_ANSWER, SETTINGS_WRONG
from shared.failures import TemporaryFailure
from shared.read_settings import SettingsInvalid


def main() -> None:
    """Exits with a code of exit_codes.py."""
    try:
        app(prog_name="doi")
    except SettingsInvalid as wrong:
        _complain(str(wrong), SETTINGS_WRONG)
    except TemporaryFailure as failure:
        _complain(f"Storage does not answer: {failure}", NO_ANSWER)


def _complain(text: str, exit_code: int) -> None:
    sys.stderr.write(f"{text}\n")
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
