"""Challenges and their solutions, with the `altcha` package (its second protocol).

The server picks a counter and gives away half of the key that PBKDF2 derives from it; the solver
tries counters from 0 on until its key begins alike. So the effort has an upper limit, and a
solution is checked with two HMACs. The challenge carries its own signature: nothing is stored.
https://altcha.org/docs/v2/proof-of-work/
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import altcha

from shared.adapters.spent_proofs import SpentProofs
from shared.values.answer_error import AnswerRefused
from shared.values.form import Form
from shared.values.keyed_digest import keyed_digest
from shared.values.proof_of_work import Proof, ProofOfWork

# The widget computes this one natively (WebCrypto), so that graphics cards gain less on it.
ALGORITHM = "PBKDF2/SHA-256"
ROUNDS_PER_TRY = 1000
_LONGEST_SOLUTION = 4000  # as base64; ours have about 750 characters


class AltchaChallenges:
    """Implements ports.Challenges."""

    def __init__(self, pepper: str, spent: SpentProofs) -> None:
        self._pepper = pepper
        self._spent = spent

    def make(self, form: Form, now: datetime) -> Mapping[str, Any]:
        work = form.proof_of_work or ProofOfWork()
        challenge = altcha.create_challenge(
            ALGORITHM,
            ROUNDS_PER_TRY,
            # Evenly from 0 on: starting elsewhere, or giving up early, would cost more, not less.
            counter=secrets.randbelow(work.difficulty),
            expires_at=now + work.lifetime,
            hmac_secret=self._key("challenge", form),
            hmac_key_secret=self._key("solution", form),
        )
        whole: dict[str, Any] = challenge.to_dict()
        return whole

    def check(self, solution: Any, form: Form, now: datetime) -> Proof:
        if solution is None or solution == "":
            raise AnswerRefused("proof_missing")
        if not isinstance(solution, str) or len(solution) > _LONGEST_SOLUTION:
            raise AnswerRefused("proof_invalid")
        try:
            payload = altcha.Payload.from_base64(solution)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise AnswerRefused("proof_invalid") from None
        result = altcha.verify_solution(
            payload,
            self._key("challenge", form),
            hmac_key_secret=self._key("solution", form),
        )
        if result.expired:
            raise AnswerRefused("proof_expired")
        if not result.verified:
            raise AnswerRefused("proof_invalid")
        # Signed by us, so these are what `make` wrote.
        expires_at = datetime.fromtimestamp(payload.challenge.parameters.expires_at or 0, UTC)
        # The package looks at the machine's clock only.
        if expires_at < now:
            raise AnswerRefused("proof_expired")
        return Proof(challenge=str(payload.challenge.signature), expires_at=expires_at)

    def spend(self, proof: Proof, registration_id: str, now: datetime) -> None:
        if not self._spent.spend(proof, registration_id, now):
            raise AnswerRefused("proof_reused")

    def give_back(self, proof: Proof, registration_id: str) -> None:
        self._spent.give_back(proof, registration_id)

    def _key(self, part: str, form: Form) -> bytes:
        return keyed_digest(self._pepper, "proof-of-work", part, form.id)
