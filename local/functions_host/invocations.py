"""Runs one invocation: the call, its output bindings, one line in the log."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from azure.core.exceptions import AzureError
from azure.functions.meta import Datum

from local.functions_host.function import Function
from local.functions_host.invoker import Invoker, Outcome
from local.functions_host.queue_output import QueueOutput

log = logging.getLogger("host")


@dataclass(frozen=True, kw_only=True)
class Invocations:
    """Every trigger ends here."""

    invoker: Invoker
    queue_output: QueueOutput

    async def run(
        self, function: Function, trigger: Datum, metadata: Mapping[str, Datum], *, reason: str
    ) -> Outcome:
        """Calls the function; `reason` says in the log what triggered it.

        An output that cannot be written fails the invocation, as in the real host: the caller of
        an HTTP function gets 500, a queue message comes back.
        """
        started = time.perf_counter()
        outcome = await self.invoker.invoke(function, trigger, metadata)
        if outcome.succeeded:
            try:
                await self._write_outputs(function, outcome)
            except (AzureError, ValueError) as error:
                outcome = replace(outcome, succeeded=False, error=f"output binding: {error!r}")
        took = (time.perf_counter() - started) * 1000
        if outcome.succeeded:
            log.info("%s (%s) %s in %.0f ms", function.name, reason, _result(outcome), took)
        else:
            details = f"{outcome.error}\n{outcome.stack_trace}".rstrip()
            log.error("%s (%s) failed in %.0f ms: %s", function.name, reason, took, details)
        return outcome

    async def _write_outputs(self, function: Function, outcome: Outcome) -> None:
        for binding in function.outputs:
            datum = outcome.outputs.get(binding.name)
            if binding.name == "$return":
                datum = outcome.returned
            if binding.type == "queue" and datum is not None:
                await self.queue_output.write(binding, datum)


def _result(outcome: Outcome) -> str:
    if outcome.returned is not None and outcome.returned.type == "http":
        return f"succeeded with {outcome.returned.value['status_code'].value}"
    return "succeeded"
