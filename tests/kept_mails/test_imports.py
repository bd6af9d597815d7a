"""Keeping mails is the queue's work: nobody who waits for a page pays for its packages."""

import json

from tests.examples import FORM_SETTINGS
from tests.fresh_process import said_by

SCRIPT = """
import json, os, sys
import azure.functions as func
import function_app
from functions import confirm, register
from shared.values.confirmation_token import Purpose, Token
from shared.ports import Versioned
from shared.wiring import Wiring
from tests.examples import NOON, record
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.queues import FakeQueues
from tests.fakes.records import FakeRecords

outside = Wiring(os.environ)
records = FakeRecords()
# As if they had been built already.
outside.__dict__.update(
    queues=FakeQueues(), records=records, customer_insights=FakeCustomerInsights())
mailed = record().take_mail("confirmation", NOON, NOON)
records.save(Versioned(value=mailed, etag=None))
token = outside.tokens.issue(Purpose.CONFIRM, Token(
    key=mailed.key, form="newsletter", locale="de", issued_at=outside.now()))

def post(url, kind, body):
    return func.HttpRequest("POST", f"http://127.0.0.1/api/{url}", body=body.encode(),
        headers={"Content-Type": kind}, route_params={"form": "newsletter"})

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
newsletter = {"fields": {"email": "anna@example.com"}, "consents": ["newsletter"]}
steps = [
    register.answer(post("", JSON, json.dumps(newsletter)), outside).status_code,
    confirm.press(post("confirm", FORM, f"token={token}"), outside).status_code,
    records.find(mailed.key).value.status,
]
names = ("cryptography", "shared.kept_mails", "shared.mime", "shared.mail")
loaded = [name for name in names if name in sys.modules]
outside.kept_mails
print(json.dumps([steps, loaded, "cryptography" in sys.modules]))
"""


def test_only_the_queue_loads_what_mails_are_kept_with() -> None:
    steps, loaded, later = json.loads(said_by(SCRIPT, FORM_SETTINGS))
    assert steps == [202, 200, "promoted"]
    assert loaded == []
    assert later
