"""What Azure's host does with the events: nothing is sampled, nothing is filtered away."""

import json

from tests.examples import ROOT

LOGGING = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["logging"]


def test_no_event_is_sampled() -> None:
    """https://learn.microsoft.com/azure/azure-functions/functions-host-json#applicationinsightssamplingsettings."""
    sampling = LOGGING["applicationInsights"]["samplingSettings"]
    assert set(sampling["excludedTypes"].split(";")) == {"Request", "Exception", "Trace"}


def test_information_of_the_functions_arrives() -> None:
    """A function's own lines have the category Function.NAME.User; the longest prefix decides."""
    levels = LOGGING["logLevel"]
    assert levels["Function"] == "Information"
    assert not [name for name in levels if name.startswith("Function.")]
    assert levels["Host.Results"] == "Information"  # table requests
