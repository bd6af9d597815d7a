"""What nobody publishes: how people behave, and how long a call takes. Change it and run again."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class People:
    """Those who register within a burst. Times in seconds.

    Providers tell that 20 to 40 % never confirm. The time until the link is opened is lognormal:
    half within two minutes of the mail, one in twenty after 24 minutes or more. The mail itself
    takes no time to reach the inbox.
    """

    confirming: float = 0.7
    opens_after: float = 120.0  # the median
    opens_spread: float = 1.5  # sigma of the logarithm
    reads_for: float = 8.0  # from the page to its button


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Seconds of one call from an instance in the same region."""

    storage: float = 0.010
    mail: float = 0.400  # until Communication Services has accepted it
    look_up: float = 0.150  # four queries in one batch
    change_set: float = 0.350  # contact and consent
    trigger: float = 0.200
    spread: float = 0.5  # sigma of the logarithm, of all of them

    @property
    def dataverse(self) -> float:
        """One hand-over. It is also what Dataverse counts as execution time."""
        return self.look_up + self.change_set + self.trigger


@dataclass(frozen=True, kw_only=True)
class Starts:
    """Of an instance, until it takes its first call: lognormal, in seconds.

    Azure/azure-functions-host#11526 measured 0.4 to 10 s.
    """

    median: float = 2.0
    spread: float = 0.8
    fastest: float = 0.4
    slowest: float = 10.0


# What Dataverse asks for when 52 requests are under way; it publishes no number.
CONCURRENCY_RETRY_SECONDS: Final = 5.0
# A click on a link that is older than its form's `linkLifetime` confirms nothing.
LINK_SECONDS: Final = 3 * 86_400.0
FORGOTTEN_SECONDS: Final = 7 * 86_400.0
# Where storage is busy, register asks once more within so long (shared/adapters/quick_http.py);
# then the website is told to come again.
REGISTER_PATIENCE: Final = 1.0
