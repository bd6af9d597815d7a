"""How much of everything is used: by a registration, and by a month without any."""

from collections.abc import Mapping
from typing import Final

HOURS: Final = 730
DAYS: Final = HOURS / 24
SECONDS: Final = HOURS * 3600

# ---- One confirmed registration, docs/architecture.md ----

HTTP_FUNCTIONS: Final = ("describe_form", "register", "show_confirm", "confirm")
QUEUE_FUNCTIONS: Final = ("send_confirmation", "note_mail_report", "follow_up")
STORAGE_OPERATIONS: Final = 18
# Event Grid puts it; the host takes and deletes it; the mailbox is read, the record written.
REPORT_OPERATIONS: Final = 5
# At most, and beside the way of a visitor: what each of four processes counted, where no other
# registration is counted within the same seconds (shared/tally.py).
COUNTING_OPERATIONS: Final = 4
MAIL_MB: Final = 0.01  # the sample's mails have 6 to 8 kB

# ---- Always ----

TIMER_RUNS_A_DAY: Final[Mapping[str, int]] = {
    "watch_poison": 24 * 60,
    "reconcile_leads": 24 * 4,
    "watch_linkedin": 1,
    "tidy": 1,
}
WATCH_OPERATIONS: Final = 15  # docs/events.md
FIVE_MINUTE_RULES: Final = 5
SLOWER_RULES: Final = 8
LINKEDIN_RULES: Final = 4
SECRET_OPERATIONS: Final = 10_000  # far more than starts and days need

# ---- Both ----

# An estimate, on the safe side: request, begin, end, trigger's details, metrics, our events.
LOG_KB_AN_EXECUTION: Final = 10

# ---- The deployment's defaults ----

MEMORY_GB: Final = 2
ALWAYS_READY: Final = 1
# HTTP together, each queue, each timer: Azure scales each by itself.
SCALE_GROUPS: Final = 1 + 5 + len(TIMER_RUNS_A_DAY)
PRIVATE_ENDPOINTS: Final = 3


def timer_runs() -> float:
    """A month's."""
    return sum(TIMER_RUNS_A_DAY.values()) * DAYS
