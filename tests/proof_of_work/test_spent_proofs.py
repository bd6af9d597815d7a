"""What a process remembers of solved challenges."""

from datetime import timedelta

from shared.adapters.spent_proofs import SpentProofs
from shared.values.proof_of_work import Proof
from tests.examples import NOON

MINUTE = timedelta(minutes=1)


def proof(name: str, lives: timedelta = 10 * MINUTE) -> Proof:
    return Proof(challenge=name, expires_at=NOON + lives)


def test_first_come_first_served() -> None:
    spent = SpentProofs()
    assert spent.spend(proof("a"), "anna", NOON)
    assert not spent.spend(proof("a"), "ben", NOON)
    assert spent.spend(proof("a"), "anna", NOON)
    assert spent.spend(proof("b"), "ben", NOON)


def test_only_the_owner_gives_back() -> None:
    spent = SpentProofs()
    spent.spend(proof("a"), "anna", NOON)
    spent.give_back(proof("a"), "ben")
    spent.give_back(proof("unknown"), "ben")
    assert not spent.spend(proof("a"), "ben", NOON)
    spent.give_back(proof("a"), "anna")
    assert spent.spend(proof("a"), "ben", NOON)


def test_nothing_is_forgotten_before_it_expires() -> None:
    spent = SpentProofs()
    spent.spend(proof("a"), "anna", NOON)
    assert not spent.spend(proof("a"), "ben", NOON + 10 * MINUTE)


def test_what_has_expired_takes_no_memory() -> None:
    spent = SpentProofs()
    for number in range(100):
        spent.spend(proof(str(number), lives=number * MINUTE), "anna", NOON)
    spent.spend(proof("last", lives=100 * MINUTE), "anna", NOON + 50 * MINUTE)
    assert len(spent) == 51


def test_there_is_an_upper_limit_and_the_oldest_goes_first() -> None:
    spent = SpentProofs(most=3)
    for name in "abcd":
        assert spent.spend(proof(name), "anna", NOON)
    assert len(spent) == 3
    assert not any(spent.spend(proof(name), "ben", NOON) for name in "bcd")
    assert spent.spend(proof("a"), "ben", NOON)
    assert len(spent) == 3
