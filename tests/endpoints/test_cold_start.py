"""A visitor waits for a cold start: what the first registration loads stays light."""

import json

import pytest

from tests.fresh_process import said_by

SCRIPT = """
import json, sys
import azure.functions as func
import function_app
from functions import register
from shared import wiring

function_app.app.get_functions()
body = {"fields": {"email": "anna@example.com"}, "consents": ["newsletter"]}
request = func.HttpRequest(
    "POST", "/", headers={"Content-Type": "application/json"},
    route_params={"form": "newsletter"}, body=json.dumps(body).encode())
answer = register.answer(request, wiring.outside())
print(json.dumps([answer.status_code, sorted(sys.modules)]))
"""
# Nobody listens there: the call ends with 503, after all that it takes has been imported.
NOBODY = "http://127.0.0.1:9"
BY_KEY = {
    "AzureWebJobsStorage": (
        f"AccountName=devstoreaccount1;AccountKey=a2V5;QueueEndpoint={NOBODY}/devstoreaccount1"
    )
}
BY_IDENTITY = {
    "AzureWebJobsStorage": "",
    "AzureWebJobsStorage__queueServiceUri": NOBODY,
    "AzureWebJobsStorage__tableServiceUri": NOBODY,
}
HEAVY = (
    *("azure.storage", "azure.data", "azure.identity", "requests", "aiohttp", "msal"),
    *("jinja2", "babel", "altcha", "phonenumbers"),
    *("shared.doctor", "shared.desk", "shared.delivery", "shared.mail", "shared.lead_intake"),
    *("shared.adapters.records_table", "shared.adapters.customer_insights", "shared.poison_watch"),
)


@pytest.mark.parametrize("storage", [BY_KEY, BY_IDENTITY], ids=["by key", "by identity"])
def test_the_first_registration_loads_nothing_heavy(storage: dict[str, str]) -> None:
    status, modules = json.loads(said_by(SCRIPT, storage))
    assert status == 503
    loaded = [
        name for name in modules if any(name == one or name.startswith(f"{one}.") for one in HEAVY)
    ]
    assert loaded == []
