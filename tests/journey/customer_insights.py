"""What Customer Insights - Journeys knows: everything that the Dataverse simulator stores."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.journey.person import Person
from tests.journey.waiting import until
from tests.running_stack import Stack

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known about one person. Rows carry their ETag, so equal rows were not written.

    `journey_rows` are those that start journeys, `journey_starts` what they started.
    """

    contacts: list[Row]
    consents: list[Row]
    triggers: list[Row]
    journey_rows: list[Row]
    journey_starts: list[Row]


def known_about(stack: Stack, person: Person) -> Known:
    state = _state(stack)
    contacts = [row for row in state["tables"]["contacts"] if row["emailaddress1"] == person.email]
    ids = [contact["contactid"] for contact in contacts]
    return Known(
        contacts=contacts,
        consents=[
            row
            for row in state["tables"]["msdynmkt_contactpointconsent4s"]
            if row["msdynmkt_contactpointvalue"] == person.email
        ],
        triggers=[
            trigger
            for trigger in state["triggers"]
            if trigger["parameters"]["msdynmkt_profileid"] in ids
        ],
        journey_rows=[
            row
            for row in state["tables"]["new_doiregistrations"]
            if row["_new_contactid_value"] in ids
        ],
        journey_starts=[start for start in state["journeyStarts"] if start["contactId"] in ids],
    )


def known_once_promoted(stack: Stack, person: Person, *, seconds: float = 60) -> Known:
    """As soon as the trigger was fired: it is the last thing that happens."""

    def look() -> Known | None:
        known = known_about(stack, person)
        return known if known.triggers else None

    return until(look, "a trigger", seconds=seconds)


def knows_nothing_about(stack: Stack, person: Person, *more: str) -> bool:
    """Neither rows, nor triggers, nor the requests of late name the person or `more`."""
    everything = json.dumps(_state(stack), ensure_ascii=False)
    return not any(trace in everything for trace in (*person.traces, *more))


def _state(stack: Stack) -> dict[str, Any]:
    state: dict[str, Any] = requests.get(f"{stack.dataverse}/_simulator/state", timeout=30).json()
    return state
