"""What the host asks of whatever loads and calls the app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from azure.functions.meta import Datum

from local.functions_host.function import Function


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an invocation ended.

    `returned` is the encoded return value, `outputs` the encoded output parameters by name.
    `error` is one line, `stack_trace` several; both are for the log and nobody else.
    """

    succeeded: bool
    returned: Datum | None = None
    outputs: Mapping[str, Datum] = field(default_factory=dict)
    error: str = ""
    stack_trace: str = ""


class Invoker(Protocol):
    """Loads the app when it is made, and calls its functions."""

    @property
    def name(self) -> str:
        """How the log and the status call it."""

    @property
    def functions(self) -> Sequence[Function]:
        """What the app registered."""

    async def invoke(
        self, function: Function, trigger: Datum, metadata: Mapping[str, Datum]
    ) -> Outcome:
        """Calls the function. Whatever it raises is an Outcome, never an exception."""
