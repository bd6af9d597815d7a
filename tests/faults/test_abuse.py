"""A thousand sign-ups for one victim, in many spellings, among fifty honest people.

On a stack of its own: the budgets of the networks need addresses, which a proxy in front of the
local host would add.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests

from tests.journey import function_log
from tests.journey.person import Person, somebody
from tests.journey.sign_up import newsletter, registrations_url
from tests.journey.waiting import until
from tests.running_stack import Stack, running_stack
from tests.told import names, told_in

VICTIM = "victim.of.bombing"
SPELLINGS = 1000
HONEST = 50
DAILY_CAP = 3
SOURCE_BUDGET = 60
SEED = 20261122
PATIENCE_SECONDS = 150.0


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(
        tmp_path_factory.mktemp("abuse"),
        DOI_TRUSTED_PROXIES="2",  # the local host adds one entry, the caller's proxy another
        DOI_MAILS_PER_ADDRESS_PER_DAY=str(DAILY_CAP),
        DOI_MAIL_COOLDOWN_SECONDS="2",
        DOI_REGISTRATIONS_PER_SOURCE_PER_HOUR=str(SOURCE_BUDGET),
        DOI_REGISTRATIONS_PER_FORM_PER_DAY="500",
    ) as stack:
        yield stack


@dataclass(frozen=True)
class SignUp:
    email: str
    address: str


def spelling(number: int, chance: random.Random) -> str:
    """The victim's Gmail address, as Gmail delivers it: capitals, dots, tags, both domains."""
    letters = [char.upper() if chance.random() < 0.5 else char for char in VICTIM.replace(".", "")]
    local = letters[0] + "".join(("." if chance.random() < 0.4 else "") + c for c in letters[1:])
    domain = chance.choice(["gmail.com", "googlemail.com", "GMail.com"])
    return f"{local}+{number}@{domain}"


def attack(chance: random.Random) -> list[SignUp]:
    """Half of it from one network, half of it each from another one."""
    return [
        SignUp(
            spelling(number, chance),
            f"203.0.113.{number % 250}" if number % 2 else f"10.{number // 250}.{number % 250}.9",
        )
        for number in range(SPELLINGS)
    ]


def test_the_victim_is_spared_and_every_honest_person_is_mailed(
    guarded: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - shuffles, guards nothing
    people = [somebody() for _ in range(HONEST)]
    honest = [SignUp(person.email, f"192.0.{2 + number}.7") for number, person in enumerate(people)]
    everything = [*attack(chance), *honest]
    chance.shuffle(everything)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda one: _post(guarded, one), everything))
    accepted_after = time.monotonic() - began
    assert set(statuses) == {202}  # nobody learns who is being held back

    wanted = {person.email for person in people}
    until(lambda: wanted <= set(_mailed(guarded)), "every honest mail", seconds=PATIENCE_SECONDS)
    honest_after = time.monotonic() - began
    until(lambda: _settled(guarded), "every registration", seconds=PATIENCE_SECONDS)
    mailed = _mailed(guarded)
    to_victim = [address for address in mailed if "victimofbombing" in address.replace(".", "")]
    with capsys.disabled():
        print(  # noqa: T201 - what the run measured
            f"\nabuse: {len(everything)} registrations accepted in {accepted_after:.0f} s, "
            f"{HONEST} honest mails after {honest_after:.0f} s, {len(to_victim)} to the victim"
        )
    assert len(to_victim) == DAILY_CAP
    assert sorted(mailed, key=str.lower).count(people[0].email) == 1
    assert len(mailed) == HONEST + DAILY_CAP

    lines = function_log.lines(guarded)
    events = told_in(lines)
    for event in ("waiting", "mail_withheld", "form_over_ceiling", "expired"):
        assert event in names(events)
    for reason in ("source_budget", "cooldown", "daily_cap"):
        assert [each for each in events if each.has(reason=reason)]
    assert "victim" not in "\n".join(lines).lower()


def _post(stack: Stack, one: SignUp) -> int:
    body = newsletter(Person(first_name="Somebody", last_name="Else", email=one.email))
    headers = {"X-Forwarded-For": one.address}
    answer = requests.post(registrations_url(stack), json=body, headers=headers, timeout=60)
    return answer.status_code


def _mailed(stack: Stack) -> list[str]:
    """The recipients of all mails, as written on the envelope."""
    caught = requests.get(f"{stack.mail}/email", timeout=30).json()
    return [mail["to"][0]["address"].lower() for mail in caught]


def _settled(stack: Stack) -> bool:
    """Each attacking registration has ended or has a time of its own to come."""
    events = told_in(function_log.lines(stack))
    settled = {
        each.facts["registration"]
        for each in events
        if each.event == "mail_withheld" or each.has(reason="source_budget")
    }
    return len(settled) >= SPELLINGS - DAILY_CAP
