"""Sealing and opening the origins of records, with the keys of the days."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from shared.ports import OriginKeys
from shared.values.evidence.origin import SealedOrigin, is_kept
from shared.values.evidence.origin_sealing import (
    OriginDamaged,
    key_for_record,
    open_origin,
    seal_origin,
)
from shared.values.evidence.record_origins import origins_in, with_origins
from shared.values.record import Record


class OriginKeeping:
    """`kept` is for how long an origin can be opened. Keys are asked for once in a process."""

    def __init__(self, keys: OriginKeys, now: Callable[[], datetime], kept: timedelta) -> None:
        self._keys, self._now, self._kept = keys, now, kept
        self._known: dict[date, bytes] = {}

    def sealed(self, record: Record) -> Mapping[str, str]:
        """All origins of the record, by name, as the table keeps them; sealed ones as they are.

        Raises TemporaryFailure.
        """
        kept = {}
        for name, origin in origins_in(record).items():
            if name in record.origins:
                kept[name] = record.origins[name]
            elif origin.is_known:
                day = self._today()
                key = key_for_record(self._key_of_today(day), record.registration_id)
                kept[name] = seal_origin(name, origin, day, key)
        return kept

    def opened(self, record: Record) -> Record:
        """With every origin that can still be opened. Raises TemporaryFailure."""
        opened = {}
        for name, sealed in record.origins.items():
            key = self.record_key(sealed, record.registration_id)
            try:
                if key:
                    opened[name] = open_origin(name, sealed, key)
            except OriginDamaged:
                continue  # nobody is turned away for that: whoever verifies the evidence is told
        return with_origins(record, opened) if opened else record

    def record_key(self, sealed: str, registration_id: str) -> bytes | None:
        """What opens this origin of the record (32 bytes); None once its time is over.

        Raises TemporaryFailure.
        """
        try:
            day = SealedOrigin.parse(sealed).day
        except ValueError:
            return None
        if not is_kept(day, self._today(), self._kept):
            self._known.pop(day, None)
            return None
        key = self._known.get(day) or self._keys.find(day)
        if key is None:
            return None
        self._known[day] = key
        return key_for_record(key, registration_id)

    def _key_of_today(self, day: date) -> bytes:
        key = self._known.get(day)
        if key is None:
            key = self._known[day] = self._keys.make(day)
        return key

    def _today(self) -> date:
        return self._now().date()
