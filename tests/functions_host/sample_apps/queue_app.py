"""Queue functions that do what their message says."""

import json
from typing import List  # noqa: UP035 - see send

import azure.functions as func

from tests.functions_host.sample_apps.record import record, wait_for_release

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.queue_trigger(arg_name="message", queue_name="%PREFIX%-work", connection="Jobs")
def work(message: func.QueueMessage) -> None:
    """Succeeds, fails, or waits for the test."""
    body = message.get_body().decode()
    record(
        "work",
        body=body,
        id=message.id,
        times=message.dequeue_count,
        inserted=str(message.insertion_time),
        expires=str(message.expiration_time),
        visible=str(message.time_next_visible),
        pop_receipt=message.pop_receipt,
    )
    if body.startswith("fail"):
        raise ValueError("as told")
    if body.startswith("wait"):
        wait_for_release(body)


@app.queue_trigger(arg_name="message", queue_name="%PREFIX%-work-poison", connection="Jobs")
async def work_poison(message: func.QueueMessage) -> None:
    """Records what failed for good; fails itself when told so."""
    body = message.get_body().decode()
    record("poison", body=body, times=message.dequeue_count)
    if body.startswith("fail again"):
        raise ValueError("as told")


@app.queue_trigger(arg_name="message", queue_name="%PREFIX%-plain", connection="Jobs")
def plain(message: func.QueueMessage) -> None:
    """Has no function for its poison queue."""
    record("plain", body=message.get_body().decode())


@app.queue_trigger(arg_name="message", queue_name="%PREFIX%-relay", connection="Jobs")
@app.queue_output(arg_name="out", queue_name="%PREFIX%-work", connection="Jobs")
def relay(message: func.QueueMessage, out: func.Out[str]) -> None:
    """Passes its message on."""
    out.set(message.get_body().decode())


@app.route(route="send", methods=["POST"])
@app.queue_output(arg_name="out", queue_name="%PREFIX%-made", connection="Jobs")
def send(req: func.HttpRequest, out: func.Out[List[str]]) -> func.HttpResponse:  # noqa: UP006 - the worker refuses list[str]
    """Puts a list of messages on a queue that nobody made."""
    out.set(json.loads(req.get_body()))
    return func.HttpResponse(status_code=202)


@app.route(route="send-too-much", methods=["POST"])
@app.queue_output(arg_name="out", queue_name="%PREFIX%-made", connection="Jobs")
def send_too_much(req: func.HttpRequest, out: func.Out[str]) -> func.HttpResponse:
    """Puts on a queue what no message can hold."""
    out.set(req.method * 70_000)
    return func.HttpResponse(status_code=202)
