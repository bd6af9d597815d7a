"""A sign-up pays for counting, and neither for a table nor for the desk."""

import json

from tests.fresh_process import said_by

SCRIPT = """
import json, os, sys, threading
import azure.functions as func
import function_app
from functions import register
from shared import wiring

class Queues:
    def put(self, queue, body):
        self.body = body

outside = wiring.outside()
outside.__dict__["queues"] = Queues()  # as if it had been built already
body = {"fields": {"email": "anna@example.com"}, "consents": ["newsletter"]}
request = func.HttpRequest(
    "POST", "http://127.0.0.1/", headers={"Content-Type": "application/json"},
    route_params={"form": "newsletter"}, body=json.dumps(body).encode())
status = register.answer(request, outside).status_code
heavy = ("azure.data", "jinja2", "shared.web.desk", "shared.adapters.funnel", "requests")
loaded = [name for name in sys.modules if name.startswith(heavy)]
timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
counted = [dict(row.counts) for row in outside.tally._counted.values()]
print(json.dumps([status, loaded, len(timers), counted]))
"""


def test_a_sign_up_is_counted_and_loads_no_table() -> None:
    """The process ends at once, too, though a write was due in some seconds."""
    assert json.loads(said_by(SCRIPT)) == [202, [], 1, [{"accepted": 1}]]
