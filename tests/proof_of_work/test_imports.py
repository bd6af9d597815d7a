"""Forms without proof of work do not pay for the package that makes and checks it."""

from tests.fresh_process import said_by

SCRIPT = """
import json, os, sys
import azure.functions as func
import function_app
from functions import challenge, describe_form, register
from shared.wiring import Wiring

class Queues:
    def put(self, queue, body):
        self.body = body

outside = Wiring(os.environ)
outside.__dict__["queues"] = Queues()  # as if it had been built already

def call(endpoint, method, form, body=b""):
    request = func.HttpRequest(
        method, "http://127.0.0.1/", headers={"Content-Type": "application/json"},
        route_params={"form": form}, body=body)
    return endpoint.answer(request, outside).status_code

newsletter = {"fields": {"email": "anna@example.com"}, "consents": ["newsletter"]}
webinar = {"fields": {"email": "anna@example.com"}, "consents": ["invitation"]}
steps = [
    call(describe_form, "GET", "webinar"),
    call(register, "POST", "newsletter", json.dumps(newsletter).encode()),
    "altcha" in sys.modules,
    call(register, "POST", "webinar", json.dumps(webinar).encode()),
    "altcha" in sys.modules,
    call(challenge, "GET", "webinar"),
]
print(json.dumps(steps))
"""


def test_the_package_is_imported_where_it_is_needed() -> None:
    assert said_by(SCRIPT) == "[200, 202, false, 422, true, 200]"
