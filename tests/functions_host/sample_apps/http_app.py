"""HTTP functions of every kind the host serves."""

import json
import logging

import azure.functions as func

from tests.functions_host.sample_apps.record import record, wait_for_release

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route(route="echo/{name?}", methods=["GET", "POST", "HEAD"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Tells what it was given."""
    seen = {
        "method": req.method,
        "url": req.url,
        "query": dict(req.params),
        "headers": dict(req.headers),
        "route": dict(req.route_params),
        "body": req.get_body().hex(),
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@app.route(route="items/{id:int}", methods=["GET"])
async def item(req: func.HttpRequest) -> func.HttpResponse:
    """Takes whole numbers only."""
    return func.HttpResponse(req.route_params["id"])


@app.route(route="answer", methods=["POST"])
def answer(req: func.HttpRequest) -> func.HttpResponse:
    """A status, headers and two cookies."""
    response = func.HttpResponse(
        req.get_body(), status_code=418, mimetype="text/html", headers={"X-Mine": "1"}
    )
    response.headers.add("Set-Cookie", "a=1; Path=/; HttpOnly")
    response.headers.add("Set-Cookie", "b=2; Secure; SameSite=Lax")
    return response


@app.route(route="text", methods=["GET"])
def text(req: func.HttpRequest) -> str:
    """Returns a plain string."""
    return f"plain {req.method}"


@app.route(route="fail", methods=["GET"])
def fail(req: func.HttpRequest) -> func.HttpResponse:
    """Raises."""
    raise ValueError(f"a secret detail of {req.method}")


@app.route(route="fail-async", methods=["GET"])
async def fail_async(req: func.HttpRequest) -> func.HttpResponse:
    """Raises in the event loop."""
    raise ValueError(f"a secret detail of {req.method}")


@app.route(route="leave", methods=["GET"])
def leave(req: func.HttpRequest) -> func.HttpResponse:
    """Tries to end the process."""
    raise SystemExit(req.method)


@app.route(route="log", methods=["GET"])
def log(req: func.HttpRequest) -> func.HttpResponse:
    """Logs on three levels and for an Azure library."""
    logging.getLogger("my.app").debug("not shown %s", req.method)
    logging.getLogger("my.app").info("shown %s ✓", req.method)
    logging.getLogger("azure.core").info("chatter")
    return func.HttpResponse("ok")


@app.route(route="meet", methods=["GET"])
def meet(req: func.HttpRequest) -> func.HttpResponse:
    """Waits in its thread for the test."""
    record("meeting", n=req.params["n"])
    wait_for_release("release")
    return func.HttpResponse("met")


@app.function_name("guarded")
@app.route(methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def by_key(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Needs a function key; its route is its name."""
    return func.HttpResponse(f"{req.method} {context.function_name}")
