"""Messages on the wire, connections by name, the parts of CORS that need no server."""

import pytest

from local.functions_host.app_settings import connection_string, resolved
from local.functions_host.cors import parse_cors
from local.functions_host.load_failure import LoadFailure
from local.functions_host.queue_message import Undecodable, decoded, encoded


def test_base64_round_trip() -> None:
    assert encoded("ä".encode(), base64=True) == "w6Q="
    assert decoded("w6Q=", base64=True) == "ä".encode()
    assert decoded(" w6\r\nQ= ", base64=True) == "ä".encode()


def test_text_stays_text_without_base64() -> None:
    assert encoded(b"{}", base64=False) == "{}"
    assert decoded("w6Q=", base64=False) == b"w6Q="


@pytest.mark.parametrize("text", ["{}", "w6Q", "w6Q==", "w6Qä", "w-_Q"])
def test_refuses_what_is_no_base64(text: str) -> None:
    with pytest.raises(Undecodable):
        decoded(text, base64=True)


def test_looks_for_connections_by_prefixed_name_first() -> None:
    settings = {"AzureWebJobsJobs": "prefixed", "Jobs": "plain", "AzureWebJobsStorage": "own"}
    assert connection_string("Jobs", settings) == "prefixed"
    assert connection_string("", settings) == "own"
    assert connection_string("AzureWebJobsStorage", settings) == "own"
    with pytest.raises(LoadFailure, match="Other"):
        connection_string("Other", settings)


def test_replaces_settings_in_percent_signs() -> None:
    assert resolved("%A%-x-%B%", {"A": "1", "B": "2"}) == "1-x-2"
    with pytest.raises(LoadFailure, match="B"):
        resolved("%B%", {})


def test_reads_origins_as_core_tools_does() -> None:
    assert parse_cors("", credentials=True) is None
    policy = parse_cors("http://A.example,*", credentials=False)
    assert policy is not None
    assert policy.headers_for("http://b.example") == {"Access-Control-Allow-Origin": "*"}
    for wrong in ("http://a.example/", "http://a.example, http://b.example"):
        with pytest.raises(LoadFailure, match="CORS"):
            parse_cors(wrong, credentials=False)
    with pytest.raises(LoadFailure, match="credentials"):
        parse_cors("*", credentials=True)
