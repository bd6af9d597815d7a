"""The Dataverse simulator from outside: faults, and what it stores."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from local.chaos.blows import Strike
from local.chaos.sign_ups import ConsentKey

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 30.0
BINDING = "doiregistration/"
EVERYTHING: Mapping[str, Any] = {"match": "* ", "status": 503, "times": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class Contact:
    id: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Consent:
    id: str
    address: str
    key: ConsentKey


@dataclass(frozen=True, kw_only=True)
class Fired:
    """What started a journey for a contact, and for which registration."""

    registration_id: str
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class Stored:
    """`journeys` are those that a new row started, in place of a trigger."""

    contacts: tuple[Contact, ...]
    consents: tuple[Consent, ...]
    triggers: tuple[Fired, ...]
    journeys: tuple[Fired, ...]


class Simulator:
    """`met` counts the faults that a call ran into, by their names; complete after end_faults."""

    def __init__(self, url: str) -> None:
        self.met: Counter[str] = Counter()
        self._asked: list[tuple[str, Any]] = []
        self._control = f"{url}/_simulator"

    def ask_fault(self, name: str, fault: Mapping[str, Any]) -> None:
        answer = requests.post(f"{self._control}/faults", json=fault, timeout=SECONDS)
        answer.raise_for_status()
        self._asked.append((name, answer.json()))

    def stop_answering(self) -> None:
        """503 to everything, the token endpoint included."""
        self.ask_fault(Strike.DATAVERSE_STOPS.value, EVERYTHING)

    def answer_again(self) -> None:
        """The faults that nothing ran into yet stay."""
        untouched = self._end_faults()
        for name, fault in untouched:
            if name != Strike.DATAVERSE_STOPS.value:
                self.ask_fault(name, fault)

    def end_faults(self) -> None:
        """Those that nothing ran into, too."""
        self._end_faults()

    def _end_faults(self) -> list[tuple[str, Any]]:
        """The faults that nothing ran into, by their names."""
        left = requests.get(f"{self._control}/faults", timeout=SECONDS).json()["faults"]
        requests.delete(f"{self._control}/faults", timeout=SECONDS).raise_for_status()
        untouched = []
        for name, fault in self._asked:
            if fault in left:
                left.remove(fault)
                untouched.append((name, fault))
            else:
                self.met[name] += 1
        self._asked.clear()
        return untouched

    def stored(self) -> Stored:
        answer = requests.get(f"{self._control}/state", timeout=SECONDS)
        answer.raise_for_status()
        return stored_in(answer.json())


def stored_in(state: Mapping[str, Any]) -> Stored:
    """From the JSON of /_simulator/state."""
    tables = state["tables"]
    registration_of = {
        row["new_doiregistrationid"]: row["new_registrationid"]
        for row in tables["new_doiregistrations"]
    }
    return Stored(
        contacts=tuple(
            Contact(id=row["contactid"], address=row["emailaddress1"]) for row in tables["contacts"]
        ),
        consents=tuple(
            Consent(
                id=row["msdynmkt_contactpointconsent4id"],
                address=row["msdynmkt_contactpointvalue"],
                key=ConsentKey(
                    purpose=row["_msdynmkt_purposeid_value"], topic=row["_msdynmkt_topicid_value"]
                ),
            )
            for row in tables["msdynmkt_contactpointconsent4s"]
        ),
        triggers=tuple(
            Fired(
                registration_id=fired["parameters"]["msdynmkt_bindingid"].removeprefix(BINDING),
                contact_id=fired["parameters"]["msdynmkt_profileid"],
            )
            for fired in state["triggers"]
        ),
        journeys=tuple(
            Fired(registration_id=registration_of[start["rowId"]], contact_id=start["contactId"])
            for start in state["journeyStarts"]
        ),
    )
