"""Loads, validates and calls functions with Microsoft's worker library, Python 3.13 and later.

`azure-functions-runtime` 1.3.0 is what runs in Azure beneath the worker process. Its loading
expects protobuf classes, which are handed in, and its `native_invocation` needs none; both are
semi-public, hence the exact version in pyproject.toml and `direct_invoker` as the other way.
"""

import asyncio
import importlib
import logging
import traceback
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure.functions.meta import Datum

from local.functions_host.function import Function, parse_function
from local.functions_host.invoker import Outcome
from local.functions_host.load_failure import LoadFailure, described


class RuntimeInvoker:
    """Loads `function_app.py` from `root`; raises LoadFailure when that fails."""

    name = "azure-functions-runtime"

    def __init__(self, root: Path) -> None:
        runtime = importlib.import_module("azure_functions_runtime")
        native = importlib.import_module("azure_functions_runtime.native_invocation")
        self._native_invocation = native.invocation_request_native
        # It logs failures with their stack traces; the host reports the same ones itself.
        logging.getLogger("azure.functions").addFilter(
            lambda record: record.levelno < logging.ERROR
        )
        runtime.start_threadpool_executor()
        loaded = asyncio.run(_load(runtime, root))
        self.functions: Sequence[Function] = [
            parse_function(each.name, each.raw_bindings) for each in loaded
        ]
        self._ids = {each.name: each.function_id for each in loaded}

    async def invoke(
        self, function: Function, trigger: Datum, metadata: Mapping[str, Datum]
    ) -> Outcome:
        """See Invoker."""
        try:
            succeeded, returned, outputs, error, stack_trace = await self._native_invocation(
                str(uuid.uuid4()),
                self._ids[function.name],
                [(function.trigger.name, trigger)],
                dict(metadata),
            )
        except SystemExit as exit_call:  # the library catches Exception; this must not end the host
            return Outcome(
                succeeded=False, error=repr(exit_call), stack_trace=traceback.format_exc()
            )
        return Outcome(
            succeeded=succeeded,
            returned=returned,
            outputs=dict(outputs),
            error=error or "",
            stack_trace=stack_trace or "",
        )


async def _load(runtime: Any, root: Path) -> list[Any]:
    request = SimpleNamespace(
        request=SimpleNamespace(
            worker_init_request=SimpleNamespace(capabilities={}, function_app_directory=str(root))
        ),
        properties={"host": "127.0.0.1", "protos": _protobuf_stand_ins()},
    )
    answer = await runtime.worker_init_request(request)
    if not answer.result.status:
        failure = answer.result.exception
        raise LoadFailure(described(failure.message, failure.stack_trace, root))
    metadata = await runtime.functions_metadata_request(request)
    return metadata.function_metadata_results or []


def _protobuf_stand_ins() -> SimpleNamespace:
    """Classes that keep what they are given, and the enum values that loading compares with."""
    plain = (
        "FunctionMetadataResponse",
        "RpcException",
        "RpcFunctionMetadata",
        "RpcRetryOptions",
        "WorkerInitResponse",
        "WorkerMetadata",
    )
    return SimpleNamespace(
        BindingInfo=_BindingInfo,
        StatusResult=_StatusResult,
        **dict.fromkeys(plain, SimpleNamespace),
    )


class _BindingInfo(SimpleNamespace):
    """BindingInfo of FunctionRpc.proto, with its `Direction` and `DataType`."""

    out, inout = 1, 2
    undefined, string, binary, stream = 0, 1, 2, 3


class _StatusResult(SimpleNamespace):
    """StatusResult of FunctionRpc.proto; here success is true and failure false."""

    Failure, Success = 0, 1
