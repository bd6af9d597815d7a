"""The expressions are worked out as Bicep has them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.bicep_functions import DeploymentFailed
from tests.infra.expressions import work_out

SCOPE = {"on": True, "off": False, "n": 3, "name": "doi", "none": None, "box": {"a": {"b": "c"}}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it\\'s ${name}-${n > 2 ? 'x${name}' : '{}'}'", "it's doi-xdoi"),
        ("on ? 'a' : off ? 'b' : 'c'", "a"),
        ("off ? 'a' : on ? 'b' : 'c'", "b"),
        ("off || on && off", False),
        ("on || off && off", True),
        ("!off && !(on && off)", True),
        ("n == 3 && name != 'x'", True),
        ("n > 3 || n >= 3 && n <= 3 && !(n < 3)", True),
        ("none ?? 'd'", "d"),
        ("box.a.b", "c"),
        ("box!.a.?b", "c"),
        ("[\n  1\n  'a' // a comment\n]", [1, "a"]),
        ("[1, [], {}]", [1, [], {}]),
        ("{\n  a: 1\n  'b-${name}': [\n    true\n  ]\n}", {"a": 1, "b-doi": [True]}),
        ("on ? {\n  a: 1\n} : {}", {"a": 1}),
        ("[for each in [1, 2]: '${each} ${name}']", ["1 doi", "2 doi"]),
        ("[for (each, at) in ['a', 'b']: {\n  n: at\n}]", [{"n": 0}, {"n": 1}]),
        ("union({\n  a: 1\n}, {\n  a: 2\n  b: 3\n})", {"a": 2, "b": 3}),
        ("trim(join(['', 'a', ''], ' '))", "a"),
        ("string(true)", "true"),
        ("on ? 'fine' : fail('never asked')", "fine"),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert work_out(text, SCOPE) == value


def test_what_fails_is_told() -> None:
    with pytest.raises(DeploymentFailed, match="because of doi"):
        work_out("off ? 'fine' : fail('because of ${name}')", SCOPE)


@pytest.mark.parametrize("text", ["a ?", "(1", "[1", "'a' 'b'", "1 # 2", "{ a }"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        work_out(text, SCOPE)
