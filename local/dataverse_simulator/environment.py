"""One simulated environment: its store, its Web API, its faults, and a log of its requests."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.dataverse_simulator import persistence
from local.dataverse_simulator.batch import run_batch
from local.dataverse_simulator.batch_format import read_batch, write_batch
from local.dataverse_simulator.errors import DataverseError, method_not_allowed
from local.dataverse_simulator.exchange import Answer, Operation, answer_of, timestamp
from local.dataverse_simulator.faults import Fault
from local.dataverse_simulator.odata_query import Query
from local.dataverse_simulator.privileges import all_privileges
from local.dataverse_simulator.reading import shown
from local.dataverse_simulator.security_seed import Rows, security_rows
from local.dataverse_simulator.seed import Seed, seeded_rows, tables_of
from local.dataverse_simulator.settings import Settings, set_application_user, state_of
from local.dataverse_simulator.store import Store
from local.dataverse_simulator.web_api import NO_REFERENCES, WebApi
from local.simulator.faults import Faults

REQUESTS_KEPT = 500


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer, and what the faults want done to it: come late (seconds), or never."""

    status: int
    headers: dict[str, str]
    payload: bytes
    delay: float = 0
    drop: bool = False


class Environment:
    """Everything happens in one thread; no operation is interrupted by another."""

    def __init__(self, seed: Seed, now: Callable[[], datetime], folder: Path | None) -> None:
        self.now = now
        self._settings = Settings()
        self.faults = Faults[Fault]()
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self._seed = seed
        self.reset()
        if folder is not None:
            persistence.restore(self.store, folder)

    def reset(self) -> None:
        """Back to the seed: no faults, no requests, no rows but the seeded ones."""
        self.store = Store(tables_of(self._seed))
        self._settings = Settings()
        persistence.fill_from_seed(self.store, self._seeded_rows(), timestamp(self.now()))
        self._api = WebApi(
            self.store,
            self._seed.custom_apis,
            self.now,
            lambda: self._settings.key_index_seconds,
        )
        self.faults.clear()
        self.requests.clear()

    @property
    def application_id(self) -> str:
        """Of the identity that the managed identity endpoint has by default."""
        return self._seed.security.users[0].application_id

    @property
    def settings(self) -> Settings:
        """Also after somebody changed the application user by the Web API."""
        user = state_of(self.store, self._seed.security.users[0])
        return self._settings.model_copy(update={"application_user": user})

    def change_settings(self, settings: Settings) -> None:
        if settings.application_user != self.settings.application_user:
            user = self._seed.security.users[0]
            set_application_user(self.store, user, settings.application_user)
        self._settings = settings

    def _seeded_rows(self) -> Rows:
        seeded = seeded_rows(self._seed)
        security = security_rows(self._seed.security)
        executions = [api.execute_privilege_name or "" for api in self._seed.custom_apis]
        known = all_privileges(self.store.tables.all, filter(None, executions))
        security["privileges"] = [privilege.row for privilege in known.values()]
        return {
            name: [*security.get(name, ()), *seeded.get(name, ())]
            for name in (*security, *(name for name in seeded if name not in security))
        }

    def state(self) -> dict[str, Any]:
        """Everything stored: rows as the Web API shows them, triggers, starts, latest requests."""
        tables = {
            table.entity_set_name: [
                shown(self.store, table, row, Query(), ()) for row in self.store.rows(table)
            ]
            for table in self.store.tables.all
            if table.logical_name != "privilege"  # follows from the other tables
        }
        kept = persistence.snapshot(self.store)
        return {
            "tables": tables,
            "triggers": kept["triggers"],
            "journeyStarts": kept["journeyStarts"],
            "requests": list(self.requests),
        }

    def log(self, operation: Operation, status: int, inner: Sequence[dict[str, Any]] = ()) -> None:
        entry = _logged(operation, status) | {"at": timestamp(self.now())}
        self.requests.append(entry | ({"operations": list(inner)} if inner else {}))

    def handle(self, operation: Operation) -> Outcome:
        """Answer one request, a `$batch` included, with the faults that concern it."""
        spent: list[Fault] = []
        inner: list[dict[str, Any]] = []
        try:
            _check_versions(operation)
            self._api.caller(operation)
            if operation.path == "$batch":
                outcome = self._batch(operation, spent, inner)
            else:
                answer = self._single(operation, NO_REFERENCES, spent)
                outcome = _outcome(answer)
        except DataverseError as error:
            outcome = _outcome(answer_of(error))
        self.log(operation, outcome.status, inner)
        delay = sum(fault.delay for fault in spent)
        return replace(outcome, delay=delay, drop=any(fault.drop for fault in spent))

    def _single(
        self, operation: Operation, references: Mapping[str, str], spent: list[Fault]
    ) -> Answer:
        self._suffer(operation, spent)
        return self._api.answer(operation, references)

    def _suffer(self, operation: Operation, spent: list[Fault]) -> None:
        """Use up the fault that concerns the operation. Raise DataverseError if it refuses."""
        fault = self.faults.take(operation.method, operation.path)
        if fault is not None:
            spent.append(fault)
            if refusal := fault.error():
                raise refusal

    def _batch(
        self, operation: Operation, spent: list[Fault], inner: list[dict[str, Any]]
    ) -> Outcome:
        def perform(single: Operation, references: Mapping[str, str]) -> Answer:
            try:
                answer = self._single(single, references, spent)
            except DataverseError as error:
                inner.append(_logged(single, error.status))
                raise
            inner.append(_logged(single, answer.status))
            return answer

        self._suffer(operation, spent)
        if operation.method != "POST":
            raise method_not_allowed(operation.method)
        parts = read_batch(operation.headers.get("content-type", ""), operation.body, operation)
        status, answers = run_batch(
            self.store,
            parts,
            perform,
            continue_on_error=operation.prefers("odata.continue-on-error"),
        )
        content_type, payload = write_batch(answers)
        headers = {"Content-Type": content_type, "OData-Version": "4.0"}
        if status == HTTPStatus.TOO_MANY_REQUESTS:  # "the error for that request will be returned"
            _, failed = answers[-1].answers[-1]
            headers |= failed.headers
        return Outcome(status=status, headers=headers, payload=payload)


def _check_versions(operation: Operation) -> None:
    """Only OData 4.0 (compose-http-requests-handle-errors, "HTTP headers")."""
    version = operation.headers.get("odata-version", "4.0")
    newest = operation.headers.get("odata-maxversion", "4.0")
    if version != "4.0" or newest not in ("4.0", "4.01"):
        raise DataverseError(
            400, "0x80060888", f"The OData version '{version}' or '{newest}' is not supported."
        )


def _outcome(answer: Answer) -> Outcome:
    return Outcome(status=answer.status, headers=answer.all_headers, payload=answer.payload)


def _logged(operation: Operation, status: int) -> dict[str, Any]:
    query = f"?{operation.query}" if operation.query else ""
    return {"method": operation.method, "path": operation.path + query, "status": status}
