"""What `register` is compared with: a function that does nothing, and ways to put a message."""

import functools
import json
import os
from base64 import b64encode

import azure.functions as func
from azure.storage.queue import QueueClient
from azure.storage.queue.aio import QueueClient as AsyncQueueClient

from shared.adapters.queue_requests import QueueRequests
from shared.adapters.storage_access import ByConnectionString
from shared.adapters.storage_queues import StorageQueues

QUEUE = "bench-bare"
FOR_EVER = -1
STORAGE = os.environ["AzureWebJobsStorage"]  # noqa: SIM112 - Azure spells it like this

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("empty", methods=["POST"])
def empty(req: func.HttpRequest) -> func.HttpResponse:
    """Takes the body and answers, like `register` without its work."""
    req.get_body()
    return _accepted()


@app.route("by_request", methods=["POST"])
def by_request(req: func.HttpRequest) -> func.HttpResponse:
    """As the app does it."""
    _queues().put(QUEUE, req.get_body())
    return _accepted()


@app.route("by_sdk", methods=["POST"])
def by_sdk(req: func.HttpRequest) -> func.HttpResponse:
    """The SDK's client in a thread."""
    _client().send_message(_text(req), time_to_live=FOR_EVER)
    return _accepted()


@app.route("by_async_sdk", methods=["POST"])
async def by_async_sdk(req: func.HttpRequest) -> func.HttpResponse:
    """The SDK's async client in the worker's event loop; it needs aiohttp."""
    await _async_client().send_message(_text(req), time_to_live=FOR_EVER)
    return _accepted()


@app.route("by_binding", methods=["POST"])
@app.queue_output("message", QUEUE, "AzureWebJobsStorage")
def by_binding(req: func.HttpRequest, message: func.Out[str]) -> func.HttpResponse:
    """An output binding: the host puts the message once the function has returned."""
    message.set(req.get_body().decode())
    return _accepted()


def _text(req: func.HttpRequest) -> str:
    """In base64, as the host reads messages and as the other ways write them."""
    return b64encode(req.get_body()).decode()


def _accepted() -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps({"status": "accepted"}), status_code=202, mimetype="application/json"
    )


@functools.cache
def _queues() -> StorageQueues:
    access = ByConnectionString(connection_string=STORAGE)
    return StorageQueues(access, QueueRequests.of(access))


@functools.cache
def _client() -> QueueClient:
    return QueueClient.from_connection_string(STORAGE, QUEUE)


@functools.cache
def _async_client() -> AsyncQueueClient:
    return AsyncQueueClient.from_connection_string(STORAGE, QUEUE)
