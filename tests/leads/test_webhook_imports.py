"""LinkedIn waits three seconds for the challenge: what the webhook loads stays light."""

import json

from tests.fresh_process import said_by
from tests.leads.test_webhook import BODY, CHALLENGE, signature

SCRIPT = """
import json, os, sys
import azure.functions as func
import function_app
from functions import linkedin_webhook
from shared.wiring import Wiring

class Queues:
    def put(self, queue, body):
        self.body = body

HEAVY = ("requests", "azure.data.tables", "azure.storage.queue", "azure.identity", "jinja2",
         "babel", "altcha", "cryptography", "shared.adapters.linkedin")
outside = Wiring(os.environ)
outside.__dict__["queues"] = Queues()  # as if it had been built already
URL = "http://127.0.0.1/api/linkedin/webhook"
body, challenge, signature = sys.stdin.read().split("|")
proof = linkedin_webhook.prove(
    func.HttpRequest("GET", URL, params={"challengeCode": challenge}, body=b""), outside)
sent = func.HttpRequest("POST", URL, headers={"X-LI-Signature": signature}, body=body.encode())
noted = linkedin_webhook.notify(sent, outside)
loaded = [name for name in HEAVY if name in sys.modules]
print(json.dumps([proof.status_code, noted.status_code, outside.queues.body, loaded]))
"""


def test_neither_challenge_nor_notification_load_anything_heavy() -> None:
    said = said_by(
        SCRIPT,
        {"LINKEDIN_CLIENT_SECRET": "test-client-secret"},
        f"{BODY.decode()}|{CHALLENGE}|{signature(BODY)}",
    )
    proof, noted, body, loaded = json.loads(said)
    assert (proof, noted) == (200, 200)
    assert json.loads(body)["lead"] == "1a2b3c-4"
    assert loaded == []
