"""Calls functions with the converters of the azure-functions package, on any Python."""

import asyncio
import importlib
import inspect
import os
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure.functions as func
from azure.functions.meta import Datum, get_binding_registry

from local.functions_host.function import Function, parse_function
from local.functions_host.invoker import Outcome
from local.functions_host.load_failure import LoadFailure, described

_CONVERTERS: Any = get_binding_registry()


class _Output(func.Out[Any]):
    """What a function gets for an output parameter."""

    def __init__(self) -> None:
        self._value: Any = None

    def set(self, val: Any) -> None:
        self._value = val

    def get(self) -> Any:
        return self._value


@dataclass(frozen=True, kw_only=True)
class _Callable:
    call: Callable[..., Any]
    is_async: bool
    wants_context: bool


class DirectInvoker:
    """Loads `function_app.py` from `root`; raises LoadFailure when that fails."""

    name = "direct"

    def __init__(self, root: Path) -> None:
        try:
            registered = _only_app().get_functions()
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            raise LoadFailure(described(message, traceback.format_exc(), root)) from error
        self.functions: Sequence[Function] = [
            parse_function(str(each.get_function_name()), each.get_raw_bindings())
            for each in registered
        ]
        self._callables = {
            function.name: _checked(function, each.get_user_function())
            for function, each in zip(self.functions, registered, strict=True)
        }
        # As in the worker, None lets Python choose: min(32, processors + 4).
        threads = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT")
        self._threads = ThreadPoolExecutor(int(threads) if threads else None)

    async def invoke(
        self, function: Function, trigger: Datum, metadata: Mapping[str, Datum]
    ) -> Outcome:
        """See Invoker."""
        try:
            return await self._call(function, trigger, metadata)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the app may raise anything, and sys.exit must not end the host
            return Outcome(succeeded=False, error=repr(error), stack_trace=traceback.format_exc())

    async def _call(
        self, function: Function, trigger: Datum, metadata: Mapping[str, Datum]
    ) -> Outcome:
        target = self._callables[function.name]
        decode = _CONVERTERS.get(function.trigger.type).decode
        outputs = {each.name: _Output() for each in function.outputs if each.name != "$return"}
        arguments = {
            function.trigger.name: decode(trigger, trigger_metadata=metadata),
            **outputs,
        }
        if target.wants_context:
            arguments["context"] = _context(function)
        if target.is_async:
            result = await target.call(**arguments)
        else:
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(self._threads, lambda: target.call(**arguments))
        types = {each.name: each.type for each in function.outputs}
        if result is not None and "$return" not in types:
            raise TypeError(f"{function.name} returned a value but has no output for it")
        encoded = {
            name: _encoded(types[name], output.get())
            for name, output in outputs.items()
            if output.get() is not None
        }
        returned = None if result is None else _encoded(types["$return"], result)
        return Outcome(succeeded=True, returned=returned, outputs=encoded)


def _only_app() -> func.FunctionRegister:
    module = importlib.import_module("function_app")
    apps = [each for each in vars(module).values() if isinstance(each, func.FunctionRegister)]
    if len(apps) != 1:
        raise LoadFailure(f"function_app.py should define one FunctionApp; it has {len(apps)}")
    return apps[0]


def _checked(function: Function, call: Callable[..., Any]) -> _Callable:
    parameters = set(inspect.signature(call).parameters)
    bound = {function.trigger.name, *(each.name for each in function.outputs)} - {"$return"}
    unbound = parameters - bound - {"context"}
    if bound - parameters or unbound:
        raise LoadFailure(
            f"{function.name}: the bindings {sorted(bound - parameters)} have no parameter, "
            f"the parameters {sorted(unbound)} no binding"
        )
    return _Callable(
        call=call,
        is_async=inspect.iscoroutinefunction(call),
        wants_context="context" in parameters,
    )


def _encoded(binding_type: str, value: Any) -> Datum:
    datum: Datum = _CONVERTERS.get(binding_type).encode(value, expected_type=None)
    return datum


def _context(function: Function) -> SimpleNamespace:
    return SimpleNamespace(
        invocation_id=str(uuid.uuid4()),
        function_name=function.name,
        function_directory=str(Path.cwd()),
        thread_local_storage=threading.local(),
        trace_context=None,
        retry_context=None,
    )
