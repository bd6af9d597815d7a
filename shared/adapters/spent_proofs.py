"""Which solved challenges were used already, as far as this process knows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from shared.values.proof_of_work import Proof

MOST_REMEMBERED = 50_000  # about 15 MB, when there are so many


class SpentProofs:
    """Remembers proofs until they expire: in memory, since register has one storage operation.

    So a proof counts once for each instance of the app, and once more when a process starts anew.
    With more than `most` of them the oldest is forgotten. Safe for several threads.
    """

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._spent_on: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, proof: Proof, registration_id: str, now: datetime) -> bool:
        """Whether the registration may use it: nobody did, or this very registration."""
        with self._lock:
            self._forget_expired(now)
            spent_on, _ = self._spent_on.setdefault(
                proof.challenge, (registration_id, proof.expires_at)
            )
            if len(self._spent_on) > self._most:
                self._spent_on.popitem(last=False)
            return spent_on == registration_id

    def give_back(self, proof: Proof, registration_id: str) -> None:
        """The registration was not accepted after all."""
        with self._lock:
            spent_on, _ = self._spent_on.get(proof.challenge, (None, None))
            if spent_on == registration_id:
                del self._spent_on[proof.challenge]

    def __len__(self) -> int:
        return len(self._spent_on)

    def _forget_expired(self, now: datetime) -> None:
        # From the oldest on: one with a longer life keeps those behind it, never beyond `most`.
        while self._spent_on:
            oldest = next(iter(self._spent_on))
            if self._spent_on[oldest][1] >= now:
                return
            del self._spent_on[oldest]
