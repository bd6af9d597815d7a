"""The doctor's groups, in three places: the code, the API's description, the docs."""

import re

from shared.doctor.groups import Group
from tests.endpoints.calls import API
from tests.examples import ROOT


def test_the_api_describes_every_group() -> None:
    assert API["components"]["schemas"]["Check"]["properties"]["group"]["enum"] == list(Group)
    [detail] = API["paths"]["/ready"]["get"]["parameters"]
    pattern = re.compile(detail["schema"]["pattern"])
    for known in (*Group, "all", ",".join(Group)):
        assert pattern.fullmatch(known)
    assert not pattern.fullmatch("teeth")
    assert detail["description"].endswith(f": {', '.join(Group)}.")


def test_the_docs_have_every_group_in_order() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    table = text.partition("| group | looks at |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(Group)
