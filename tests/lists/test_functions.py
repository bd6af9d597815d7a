"""The functions that the app registers are exactly these; Azure shows none when one is wrong."""

from pathlib import Path

import pytest

from shared.values.queue_name import QueueName
from tests.examples import ROOT
from tests.lists.conftest import LoadedApp

HTTP = {
    "describe_form": ("forms/{form}", {"GET", "HEAD"}, "ANONYMOUS"),
    "challenge": ("forms/{form}/challenge", {"GET"}, "ANONYMOUS"),
    "register": ("forms/{form}/registrations", {"POST"}, "ANONYMOUS"),
    "show_confirm": ("confirm", {"GET", "HEAD"}, "ANONYMOUS"),
    "confirm": ("confirm", {"POST"}, "ANONYMOUS"),
    "show_decline": ("decline", {"GET", "HEAD"}, "ANONYMOUS"),
    "decline": ("decline", {"POST"}, "ANONYMOUS"),
    "renew": ("renew", {"POST"}, "ANONYMOUS"),
    "show_withdraw": ("withdraw", {"GET", "HEAD"}, "ANONYMOUS"),
    "withdraw": ("withdraw", {"POST"}, "ANONYMOUS"),
    "linkedin_challenge": ("linkedin/webhook", {"GET"}, "ANONYMOUS"),
    "linkedin_webhook": ("linkedin/webhook", {"POST"}, "ANONYMOUS"),
    "health": ("health", {"GET", "HEAD"}, "ANONYMOUS"),
    "ready": ("ready", {"GET"}, "FUNCTION"),
    "show_desk": ("desk", {"GET"}, "FUNCTION"),
    "replay_poison": ("desk", {"POST"}, "FUNCTION"),
    "openapi": ("openapi.json", {"GET", "HEAD"}, "ANONYMOUS"),
}
QUEUES = {
    "send_confirmation": QueueName.REGISTRATIONS,
    "promote": QueueName.PROMOTIONS,
    "follow_up": QueueName.FOLLOW_UPS,
    "note_mail_report": QueueName.MAIL_REPORTS,
    "take_in_lead": QueueName.LINKEDIN_LEADS,
}
TIMERS = {
    "watch_poison": "0 * * * * *",
    "reconcile_leads": "0 */15 * * * *",
    "watch_linkedin": "0 0 6 * * *",
    "tidy": "0 30 3 * * *",
}


def test_these_and_no_others(loaded_app: LoadedApp) -> None:
    assert set(loaded_app.functions) == set(HTTP) | set(QUEUES) | set(TIMERS)


def test_http_functions(loaded_app: LoadedApp) -> None:
    found = {
        name: (trigger["route"], set(trigger["methods"]), trigger["authLevel"])
        for name, trigger in loaded_app.triggers("httpTrigger").items()
    }
    assert found == HTTP


def test_queue_functions(loaded_app: LoadedApp) -> None:
    triggers = loaded_app.triggers("queueTrigger")
    assert {name: trigger["queueName"] for name, trigger in triggers.items()} == QUEUES
    assert {trigger["connection"] for trigger in triggers.values()} == {"AzureWebJobsStorage"}


def test_timer_functions(loaded_app: LoadedApp) -> None:
    triggers = loaded_app.triggers("timerTrigger")
    assert {name: trigger["schedule"] for name, trigger in triggers.items()} == TIMERS
    for trigger in triggers.values():
        # A run at each start of each instance, and a blob for what was missed: neither is wanted.
        assert not trigger["runOnStartup"]
        assert not trigger["useMonitor"]


def test_names_can_be_kept_always_ready(loaded_app: LoadedApp) -> None:
    """Azure compares them case-sensitively there: https://github.com/Azure/Azure-Functions/issues/2581."""
    assert [name for name in loaded_app.functions if name != name.lower()] == []


@pytest.mark.parametrize("package", ["functions", "shared"])
def test_no_installed_package_hides_the_apps_own(loaded_app: LoadedApp, package: str) -> None:
    """The worker searches the app's folder last."""
    assert Path(loaded_app.packages[package]) == ROOT / package / "__init__.py"


def test_each_blueprint_is_registered() -> None:
    """A blueprint that is left out gives no error anywhere, and no function."""
    app = (ROOT / "function_app.py").read_text(encoding="utf-8")
    endpoints = {file.stem for file in (ROOT / "functions").glob("*.py")} - {"__init__"}
    assert {
        name for name in endpoints if f"register_functions({name}.blueprint)" in app
    } == endpoints
