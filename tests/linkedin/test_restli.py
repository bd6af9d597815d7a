"""Rest.li 2.0 in URLs."""

from typing import Any

import pytest

from shared.adapters.linkedin.restli import encode, target
from shared.linkedin.calls import READ_LEADS
from tests.linkedin.scripted_server import Answer
from tests.linkedin.world import World

FORM = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("plain-1_2.3~4", "plain-1_2.3~4"),
        ("", "''"),
        (
            "a,b(c)d'e:f g/h?i&j=k#l%m+n\u00fc",
            "a%2Cb%28c%29d%27e%3Af%20g%2Fh%3Fi%26j%3Dk%23l%25m%2Bn%C3%BC",
        ),
        ("%3A", "%253A"),
        (0, "0"),
        (6755260984438374401, "6755260984438374401"),
        (True, "true"),
        (False, "false"),
        ([], "List()"),
        (["a", "b:c"], "List(a,b%3Ac)"),
        ((1, 2), "List(1,2)"),
        ([""], "List('')"),
        ({}, "()"),
        ({"start": 1, "end": 2}, "(start:1,end:2)"),
        ({"a:b": {"c": ["d", {"e": ""}]}}, "(a%3Ab:(c:List(d,(e:''))))"),
        (
            {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"},
            "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623)",
        ),
        (FORM, "urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A3162%2C1%29"),
    ],
)
def test_every_kind_of_value(value: Any, encoded: str) -> None:
    assert encode(value) == encoded


@pytest.mark.parametrize("value", [None, 1.5, b"x", {"a": None}, [{1, 2}]])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no form"):
        encode(value)


def test_the_target_of_a_request() -> None:
    assert target("leadForms") == "leadForms"
    assert target("leadForms", 656) == "leadForms/656"
    assert target("leadFormResponses", "a:b/c") == "leadFormResponses/a%3Ab%2Fc"
    assert target("x", query={"q": "owner", "ids": [1, 2]}) == "x?q=owner&ids=List(1,2)"
    assert target("x", 1, fields="id,form:(name)") == "x/1?fields=id,form:(name)"
    assert target("x", query={"q": "a"}, fields="id") == "x?q=a&fields=id"


def test_the_http_client_sends_it_as_it_is(world: World) -> None:
    world.linkedin.answers = [Answer(body={})]
    nasty = "".join(chr(code) for code in range(32, 127)) + "ü€"
    wanted = target(
        "leadForms",
        nasty,
        query={"owner": {"a": nasty}, "ids": ["", nasty], "form": FORM, "none": ""},
        fields="id,form:(hiddenFields,content)",
    )
    world.session.get(wanted, READ_LEADS, world.deadline)
    assert world.linkedin.lines == [f"GET /rest/{wanted}"]
