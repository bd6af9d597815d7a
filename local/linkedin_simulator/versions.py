"""Which values of `LinkedIn-Version` are active when.

A version lives for at least a year (https://learn.microsoft.com/linkedin/marketing/versioning); the
dates below were announced, others end on the 15th of the same month a year later.
"""

import re
from datetime import UTC, datetime

from local.linkedin_simulator.errors import LinkedInError

SUNSETS = {
    "202511": datetime(2026, 11, 16, tzinfo=UTC),
    "202603": datetime(2027, 3, 16, tzinfo=UTC),
}
NEVER_PUBLISHED = {"202512"}
YEAR_AND_MONTH = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")


def require_active(version: str | None, now: datetime) -> str:
    """The version. Raise LinkedInError: 400 without one, 426 for one that is not active."""
    if not version:
        raise LinkedInError(
            400,
            "VERSION_MISSING",
            "A version must be present. Please specify a version by adding the LinkedIn-Version "
            "header.",
        )
    found = YEAR_AND_MONTH.fullmatch(version)
    if found is None or version in NEVER_PUBLISHED:
        raise _inactive(version)
    year, month = int(found[1]), int(found[2])
    published = datetime(year, month, 1, tzinfo=UTC)
    sunset = SUNSETS.get(version, datetime(year + 1, month, 15, tzinfo=UTC))
    if not published <= now < sunset:
        raise _inactive(version)
    return version


def _inactive(version: str) -> LinkedInError:
    """LinkedIn names the first day of the month: `Requested version 20241101 is not active`."""
    day = "01" if YEAR_AND_MONTH.fullmatch(version) else ""
    return LinkedInError(
        426, "NONEXISTENT_VERSION", f"Requested version {version}{day} is not active"
    )
