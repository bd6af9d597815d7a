"""The proof of work in a register call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.values.answer_error import AnswerRefused, FieldError

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.form import Form
    from shared.values.proof_of_work import Proof

POINTER = "/altcha"


@dataclass(frozen=True, kw_only=True)
class ProofCheck:
    """The proof, if the form asks for one and it is good; what is wrong with it, if it is not."""

    proof: Proof | None = None
    errors: tuple[FieldError, ...] = ()


def check_proof(form: Form, solution: Any, outside: Outside) -> ProofCheck:
    """Look at the solution, without using it up: other answers may have to be corrected first."""
    if form.proof_of_work is None:
        return ProofCheck()
    try:
        return ProofCheck(proof=outside.challenges.check(solution, form, outside.now()))
    except AnswerRefused as refused:
        return ProofCheck(errors=(refused.at(POINTER),))


def spend_proof(
    proof: Proof | None, registration_id: str, outside: Outside
) -> tuple[FieldError, ...]:
    """Use the proof up for this registration; the mistake when another one did so before."""
    if proof is None:
        return ()
    try:
        outside.challenges.spend(proof, registration_id, outside.now())
    except AnswerRefused as refused:
        return (refused.at(POINTER),)
    return ()


def give_proof_back(proof: Proof | None, registration_id: str, outside: Outside) -> None:
    """Storage did not take the registration: the same solution may be sent again.

    Only then. What a caller can bring about at will must not make a proof good as new.
    """
    if proof is not None:
        outside.challenges.give_back(proof, registration_id)
