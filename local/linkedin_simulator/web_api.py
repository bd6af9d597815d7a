"""`/rest/…`: which call is which operation, and what every call has to bring."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from local.linkedin_simulator import form_update, lead_forms, lead_notifications, lead_responses
from local.linkedin_simulator.access import LEAD_SYNC, READ_ADS, WRITE_ADS, authenticate
from local.linkedin_simulator.call import Call
from local.linkedin_simulator.errors import LinkedInError, missing_scope, throttled
from local.linkedin_simulator.exchange import Answer, Operation, answer_of, json_object, untunnelled
from local.linkedin_simulator.faults import Fault
from local.linkedin_simulator.restli import read_key, read_query
from local.linkedin_simulator.versions import require_active
from local.linkedin_simulator.world import World

LONGEST_URL = 8190  # a usual limit; which one LinkedIn has is not documented
PROTOCOL = "2.0.0"
ANY_FORM_SCOPE = frozenset((LEAD_SYNC, READ_ADS, WRITE_ADS))
LEADS = frozenset((LEAD_SYNC,))
Method = tuple[str, str]
"""Resource, and the rest.li method: `FINDER-owner`, `GET`, `BATCH_GET`, `CREATE`, …"""


@dataclass(frozen=True, kw_only=True)
class Handler:
    run: Callable[[Call], Answer | Awaitable[Answer]]
    scopes: frozenset[str]


HANDLERS: Mapping[Method, Handler] = {
    ("leadForms", "FINDER-owner"): Handler(run=lead_forms.find, scopes=ANY_FORM_SCOPE),
    ("leadForms", "GET"): Handler(run=lead_forms.get, scopes=ANY_FORM_SCOPE),
    ("leadForms", "BATCH_GET"): Handler(run=lead_forms.batch_get, scopes=ANY_FORM_SCOPE),
    ("leadForms", "CREATE"): Handler(run=lead_forms.create, scopes=frozenset((WRITE_ADS,))),
    ("leadForms", "PARTIAL_UPDATE"): Handler(
        run=form_update.update, scopes=frozenset((WRITE_ADS,))
    ),
    ("leadFormResponses", "FINDER-owner"): Handler(run=lead_responses.find, scopes=LEADS),
    ("leadFormResponses", "GET"): Handler(run=lead_responses.get, scopes=LEADS),
    ("leadFormResponses", "BATCH_GET"): Handler(run=lead_responses.batch_get, scopes=LEADS),
    ("leadNotifications", "CREATE"): Handler(run=lead_notifications.create, scopes=LEADS),
    ("leadNotifications", "FINDER-criteria"): Handler(run=lead_notifications.find, scopes=LEADS),
    ("leadNotifications", "GET"): Handler(run=lead_notifications.get, scopes=LEADS),
    ("leadNotifications", "DELETE"): Handler(run=lead_notifications.delete, scopes=LEADS),
}
RESOURCES = {resource for resource, _ in HANDLERS}


async def answer(world: World, operation: Operation) -> Answer:
    """One call from start to end, with the fault that concerns it."""
    fault = world.faults.take(operation.method, operation.path)
    try:
        found = await _answer(world, operation, fault)
    except LinkedInError as error:
        found = answer_of(error)
    world.requests.append(
        {
            "method": operation.method,
            "path": operation.path + (f"?{operation.query}" if operation.query else ""),
            "version": operation.headers.get("linkedin-version", ""),
            "status": found.status,
            "at": world.now().isoformat(),
        }
    )
    if fault is None:
        return found
    return Answer(
        status=found.status,
        body=found.body,
        headers=found.headers,
        delay=fault.delay,
        drop=fault.drop,
    )


async def _answer(world: World, operation: Operation, fault: Fault | None) -> Answer:
    if fault is not None and (refusal := fault.error()):
        raise refusal
    if len(operation.path) + len(operation.query) > LONGEST_URL:
        raise LinkedInError(414, "URI_TOO_LONG", "The URL is too long: tunnel the query")
    access = authenticate(world, operation.headers.get("authorization", ""))
    version = require_active(operation.headers.get("linkedin-version"), world.now())
    if operation.headers.get("x-restli-protocol-version") != PROTOCOL:
        raise LinkedInError(
            400, "BAD_REQUEST", f"X-Restli-Protocol-Version: {PROTOCOL} is required"
        )
    _count_call(world)
    operation = untunnelled(operation)
    params = read_query(operation.query)
    resource, _, raw_key = operation.path.partition("/")
    key = read_key(raw_key) if raw_key else ""
    method = _method(operation, params, key)
    handler = HANDLERS.get((resource, method))
    if handler is None:
        raise _no_such_operation(resource, method)
    if not access.scopes & handler.scopes:
        raise missing_scope(f"{resource}.{method}.{version}01")
    call = Call(
        world=world,
        access=access,
        version=version,
        operation=operation,
        params=params,
        key=key,
        body=json_object(operation) if operation.method == "POST" else {},
    )
    result = handler.run(call)
    return await result if inspect.isawaitable(result) else result


def _count_call(world: World) -> None:
    """Raise LinkedInError (429) beyond the calls of a day, which begins at midnight UTC."""
    today = world.now().date().isoformat()
    world.calls[today] = world.calls.get(today, 0) + 1
    limit = world.settings.calls_per_day
    if limit is not None and world.calls[today] > limit:
        raise throttled()


def _method(operation: Operation, params: Mapping[str, str], key: str) -> str:
    """As the URL says, or as `X-RestLi-Method` says, which must not contradict it."""
    named = operation.headers.get("x-restli-method", "").upper()
    match operation.method:
        case "GET" if key:
            method = "GET"
        case "GET" if "ids" in params:
            method = "BATCH_GET"
        case "GET" if "q" in params:
            method = f"FINDER-{params['q']}"
        case "POST" if key and named == "PARTIAL_UPDATE":
            method = "PARTIAL_UPDATE"
        case "POST" if not key:
            method = "CREATE"
        case "DELETE" if key:
            method = "DELETE"
        case _:
            raise LinkedInError(
                400,
                "ILLEGAL_ARGUMENT",
                f"{operation.method} {operation.path} with X-RestLi-Method '{named}' is no "
                "operation; a partial update needs X-RestLi-Method: PARTIAL_UPDATE",
            )
    if named and named != method.partition("-")[0]:
        raise LinkedInError(
            400, "ILLEGAL_ARGUMENT", f"X-RestLi-Method {named} contradicts the URL ({method})"
        )
    return method


def _no_such_operation(resource: str, method: str) -> LinkedInError:
    if resource not in RESOURCES:
        return LinkedInError(404, "RESOURCE_NOT_FOUND", f"No virtual resource found: {resource}")
    return LinkedInError(405, "METHOD_NOT_ALLOWED", f"{resource} does not support {method}")
