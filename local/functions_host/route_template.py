"""Route templates of HTTP triggers, matched as ASP.NET Core does: whatever the case.

https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from local.functions_host.load_failure import LoadFailure
from local.functions_host.route_constraints import Constraint, parse_constraint

_PARAMETER = re.compile(
    r"\{(?P<catch_all>\*{0,2})(?P<name>[A-Za-z_]\w*)"
    r"(?P<constraints>(?::\w+(?:\([^)]*\))?)*)(?:=(?P<default>[^}?]*))?(?P<optional>\??)\}"
)


@dataclass(frozen=True, kw_only=True)
class RouteTemplate:
    """A compiled template."""

    pattern: re.Pattern[str]
    constraints: Mapping[str, tuple[Constraint, ...]]
    defaults: Mapping[str, str]

    def match(self, raw_path: str) -> dict[str, str] | None:
        """The route values of a path as it came over the wire, or None if it does not fit."""
        found = self.pattern.fullmatch(raw_path.strip("/"))
        if found is None:
            return None
        values = dict(self.defaults)
        values |= {name: _unescaped(value) for name, value in found.groupdict().items() if value}
        for name, constraints in self.constraints.items():
            if name in values and not all(fits(values[name]) for fits in constraints):
                return None
        return values


def parse_route_template(text: str) -> RouteTemplate:
    """Compiles `forms/{form}/registrations` and the like; raises LoadFailure."""
    pattern, constraints, defaults = "", {}, {}
    segments = [segment for segment in text.strip("/").split("/") if segment]
    for segment in segments:
        piece, end, may_be_missing = "", 0, False
        for parameter in _PARAMETER.finditer(segment):
            name = parameter["name"]
            piece += _literal(segment[end : parameter.start()], text)
            piece += f"(?P<{name}>{'.*' if parameter['catch_all'] else '[^/]+?'})"
            end = parameter.end()
            constraints[name] = tuple(
                parse_constraint(each) for each in re.findall(r"\w+(?:\([^)]*\))?", parameter[3])
            )
            if parameter["default"] is not None:
                defaults[name] = parameter["default"]
            may_be_missing = bool(
                parameter["optional"] or parameter["catch_all"] or parameter["default"] is not None
            )
        piece += _literal(segment[end:], text)
        separator = "/" if pattern else ""
        pattern += f"(?:{separator}{piece})?" if may_be_missing else separator + piece
    return RouteTemplate(
        pattern=re.compile(pattern, re.IGNORECASE | re.DOTALL),
        constraints=constraints,
        defaults=defaults,
    )


def _literal(text: str, template: str) -> str:
    if "{" in text or "}" in text:
        raise LoadFailure(f"{template!r} is no route template that this host understands")
    return re.escape(text)


def _unescaped(value: str) -> str:
    # An escaped slash stays escaped, as in ASP.NET Core: it is no separator.
    return "%2F".join(unquote(part) for part in re.split("(?i:%2F)", value))
