"""Carrying out a `$batch`.

- A change set is atomic. When one of its operations fails, its answer is the one failing part,
  still inside a `changesetresponse` and with its Content-ID
  (as seen in https://github.com/MicrosoftDocs/powerapps-docs/issues/2843).
- The first error ends the batch, and the batch answers with that error's status; with
  `Prefer: odata.continue-on-error` it goes on and answers 200 (execute-batch-operations-using-
  web-api, "Handling errors"; its example shows 400, other statuses follow the same sentence).
- GET is not allowed inside a change set, a batch not inside a batch.
"""

from collections.abc import Callable, Mapping

from local.dataverse_simulator.batch_format import BatchItem, BatchPart, PartAnswer
from local.dataverse_simulator.errors import DataverseError
from local.dataverse_simulator.exchange import Answer, Operation, answer_of
from local.dataverse_simulator.store import Store

Perform = Callable[[Operation, Mapping[str, str]], Answer]
"""Answers one operation, given the addresses that `$1`, `$2`, … stand for."""


def run_batch(
    store: Store, parts: list[BatchPart], perform: Perform, *, continue_on_error: bool
) -> tuple[int, list[PartAnswer]]:
    """The status of the batch response and the answers to the parts that were carried out."""
    answered = []
    for part in parts:
        outcome, failed = _run(store, part, perform)
        answered.append(outcome)
        if failed is not None and not continue_on_error:
            return failed.status, answered
    return 200, answered


def _run(store: Store, part: BatchPart, perform: Perform) -> tuple[PartAnswer, Answer | None]:
    """The part's answers, and the failing one among them if any."""
    answers: list[tuple[str, Answer]] = []
    references: dict[str, str] = {}
    current = part.items[0] if part.items else None
    try:
        with store.transaction():
            for current in part.items:
                answer = _perform(current, perform, references, atomic=part.atomic)
                answers.append((current.content_id, answer))
                if current.content_id and answer.created:
                    references[f"${current.content_id}"] = answer.created
    except DataverseError as error:
        failed = answer_of(error)
        content_id = current.content_id if current else ""
        return PartAnswer(atomic=part.atomic, answers=[(content_id, failed)]), failed
    return PartAnswer(atomic=part.atomic, answers=answers), None


def _perform(
    item: BatchItem, perform: Perform, references: Mapping[str, str], *, atomic: bool
) -> Answer:
    if atomic and item.operation.method == "GET":
        raise DataverseError(
            400,
            "0x80060888",
            "An invalid HTTP method 'GET' was detected for a request in a change set. Requests in "
            "change sets only support the HTTP methods 'POST', 'PUT', 'DELETE', and 'PATCH'.",
        )
    if item.operation.path == "$batch":
        raise DataverseError(400, "0x80060888", "A batch can't contain other batch requests.")
    return perform(item.operation, references)
