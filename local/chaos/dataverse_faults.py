"""The ways in which Dataverse and its token endpoint fail, `$batch` and its parts included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.chaos.blows import DataverseFault

if TYPE_CHECKING:
    from random import Random

TOKEN = "GET /msi/token"  # noqa: S105 - an address
TRIGGERS = ("POST msdynmkt_doiconfirmed_1234567", "POST msdynmkt_whitepaperconfirmed_7654321")
CONTACT, CONSENT = "PATCH contacts", "PATCH msdynmkt_contactpointconsent4s"
BATCH, NAVIGATION = "POST $batch", "GET EntityDefinitions"

# Longer than the page waits for Dataverse, shorter than a worker's claim on a trigger.
LATE_SECONDS = (4, 9)


def passing_fault(random: Random) -> DataverseFault:
    """One that goes away by itself, of any kind and at any call."""
    match random.choice(("429", "429 with Retry-After", "5xx", "late", "no answer", "no token")):
        case "429":
            return _fault("429", match=_any_call(random), status=429, times=random.randint(1, 3))
        case "429 with Retry-After":
            seconds, times = random.randint(1, 3), random.randint(1, 3)
            return _fault(
                "429 with Retry-After",
                match=_any_call(random),
                status=429,
                retryAfter=seconds,
                times=times,
            )
        case "5xx":
            status, times = random.choice((500, 502, 503, 504)), random.randint(1, 3)
            return _fault("5xx", match=_any_call(random), status=status, times=times)
        case "late":
            delay = random.randint(*LATE_SECONDS)
            return _fault("answer too late", match=_changing_call(random), delay=delay)
        case "no answer":
            return _fault("work done, no answer", match=_changing_call(random), drop=True)
        case _:
            how: dict[str, Any] = random.choice(({"status": 500}, {"status": 503}, {"drop": True}))
            return _fault("token endpoint down", match=TOKEN, times=random.randint(1, 2), **how)


def lasting_fault(random: Random) -> DataverseFault:
    """One that somebody has to mend: what it meets twice (page and queue) goes to poison."""
    match, status = random.choice(((TRIGGERS[0], 404), (CONTACT, 403), (TRIGGERS[0], 403)))
    return _fault(f"refused for good ({status})", match=match, status=status, times=4)


def _any_call(random: Random) -> str:
    return random.choice((BATCH, BATCH, CONTACT, CONSENT, NAVIGATION, *TRIGGERS))


def _changing_call(random: Random) -> str:
    return random.choice((BATCH, CONTACT, CONSENT, *TRIGGERS))


def _fault(name: str, **fault: Any) -> DataverseFault:
    return DataverseFault(name=f"Dataverse: {name}", fault=fault)
