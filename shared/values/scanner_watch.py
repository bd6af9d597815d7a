"""What a record notes of machines that open links, until somebody confirms.

A person has little reason to open the link that says "this was not me" and then to confirm; a mail
scanner opens every link. So a press from a network that has just opened the decline link has to
show the code in the mail.
"""

from collections.abc import Iterator
from datetime import datetime

from shared.values.base import Value

# A row's property holds 32,768 characters; an opening takes about 130.
_MOST_OPENINGS = 20
MOST_WRONG_CODES = 5


class Opening(Value):
    """The decline link was opened; `network` is a keyed hash (see network.source_key)."""

    network: str
    at: datetime


class ScannerWatch(Value):
    """Which networks opened the decline link, and how often a wrong code was typed."""

    openings: tuple[Opening, ...] = ()
    wrong_codes: int = 0

    def suspects(self, network: str | None, since: datetime) -> bool:
        """Whether this network opened the decline link after `since`. An unknown one never did."""
        return any(opening.network == network for opening in self._after(since))

    def opened(self, network: str, at: datetime, since: datetime) -> "ScannerWatch":
        """One opening more; those before `since` count no longer, and neither do their wrong codes.

        The latest are kept: who opens links from many networks presses soon after, or never.
        """
        recent = tuple(self._after(since))
        return ScannerWatch(
            openings=(*recent, Opening(network=network, at=at))[-_MOST_OPENINGS:],
            wrong_codes=self.wrong_codes if recent else 0,
        )

    def mistyped(self) -> "ScannerWatch":
        """A wrong code was typed."""
        return self.model_copy(update={"wrong_codes": self.wrong_codes + 1})

    @property
    def has_most_wrong_codes(self) -> bool:
        """No further code is looked at."""
        return self.wrong_codes >= MOST_WRONG_CODES

    def _after(self, since: datetime) -> Iterator[Opening]:
        return (opening for opening in self.openings if opening.at > since)
