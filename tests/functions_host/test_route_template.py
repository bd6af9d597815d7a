"""Route templates, as ASP.NET Core reads them."""

import pytest

from local.functions_host.load_failure import LoadFailure
from local.functions_host.route_template import parse_route_template


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("api/forms/{form}", "/api/forms/newsletter", {"form": "newsletter"}),
        ("api/forms/{form}", "/API/Forms/NewsLetter/", {"form": "NewsLetter"}),
        ("api/forms/{form}", "/api/forms", None),
        ("api/forms/{form}", "/api/forms/a/b", None),
        ("api/forms/{form}", "/api/forms/a%2Fb", {"form": "a%2Fb"}),
        ("api/forms/{form}", "/api/forms/%C3%A4+%20", {"form": "ä+ "}),
        ("api/{a}/x/{b}", "/api/1/x/2", {"a": "1", "b": "2"}),
        ("api/openapi.json", "/api/openapixjson", None),
        ("files/{name}.{kind}", "/files/a.txt", {"name": "a", "kind": "txt"}),
        ("api/{id?}", "/api", {}),
        ("api/{id?}", "/api/7", {"id": "7"}),
        ("api/{id=5}", "/api", {"id": "5"}),
        ("api/{*rest}", "/api/a/b", {"rest": "a/b"}),
        ("api/{**rest}", "/api", {}),
        ("", "/", {}),
        ("", "/x", None),
        ("{id:int}", "/-2147483648", {"id": "-2147483648"}),
        ("{id:int}", "/2147483648", None),
        ("{id:long}", "/2147483648", {"id": "2147483648"}),
        ("{id:int?}", "/", {}),
        ("{id:guid}", "/d2719f9c-1b2a-4a52-9f3e-0f3f2a3b4c5d", {}),
        ("{id:guid}", "/d2719f9c", None),
        ("{b:bool}", "/TRUE", {}),
        ("{b:bool}", "/yes", None),
        ("{a:alpha:length(2)}", "/ab", {}),
        ("{a:alpha:length(2)}", "/abc", None),
        ("{a:alpha:length(2)}", "/a1", None),
        ("{a:length(2,3)}", "/abc", {}),
        ("{a:minlength(2)}", "/a", None),
        ("{a:maxlength(2)}", "/abc", None),
        ("{n:min(18)}", "/17", None),
        ("{n:max(18)}", "/18", {}),
        ("{n:range(1,3)}", "/3", {}),
        ("{n:range(1,3)}", "/4", None),
        ("{n:range(1,3)}", "/x", None),
        ("{n:decimal}", "/-1.5", {}),
        ("{n:double}", "/1e3", {}),
        ("{t:datetime}", "/2026-11-22", {}),
        ("{t:datetime}", "/someday", None),
    ],
)
def test_matches(template: str, path: str, values: dict[str, str] | None) -> None:
    found = parse_route_template(template).match(path)
    if values is None or found is None:
        assert found == values
    else:
        assert values.items() <= found.items()


@pytest.mark.parametrize(
    "template", ["a/{x", "a/x}", "{1x}", "{x:hat}", "{x:length}", "{x:range(1)}", "{x:regex(a)}"]
)
def test_refuses_what_it_does_not_know(template: str) -> None:
    with pytest.raises(LoadFailure):
        parse_route_template(template)
