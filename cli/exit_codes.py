"""What the exit codes mean; docs/command-line.md lists them. 2 is wrong usage, as everywhere."""

from typing import Final

NOT_ALL_DONE: Final = 1  # or not done at all, since the question was not answered with yes
NOTHING_FOUND: Final = 3
SETTINGS_WRONG: Final = 4
NO_ANSWER: Final = 5
REFUSED: Final = 6
DOES_NOT_HOLD: Final = 7
