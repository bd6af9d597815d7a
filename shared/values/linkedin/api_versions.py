"""Until when a version of LinkedIn's API is served.

https://learn.microsoft.com/linkedin/marketing/versioning: monthly, each for at least a year.
"""

from datetime import date, timedelta
from typing import Final

# Announced by LinkedIn; read on 2026-08-13.
_ANNOUNCED: Final = {
    "202511": date(2026, 11, 16),
    "202601": date(2027, 1, 15),
    "202602": date(2027, 2, 15),
    "202603": date(2027, 3, 16),
    "202604": date(2027, 4, 15),
    "202605": date(2027, 5, 15),
    "202606": date(2027, 6, 15),
    "202607": date(2027, 7, 15),
}
_DAY: Final = 15
# Time to try the next version and to change a setting.
WARN_BEFORE: Final = timedelta(days=60)


def ends_on(version: str) -> date:
    """The day on which the version is switched off: as announced, else a year after its month.

    `version` is year and month, "202607". Raises ValueError for anything else.
    """
    announced = _ANNOUNCED.get(version)
    return announced or date(int(version[:4]) + 1, int(version[4:]), _DAY)
