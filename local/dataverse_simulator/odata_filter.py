"""`$filter`: text to a test on rows.

Grammar: comparisons `column eq|ne|gt|ge|lt|le literal`, `contains|startswith|endswith(column,
'text')`, `and`, `or`, `not`, parentheses. As in Dataverse the column stands left of the operator,
and text compares without regard to case
(https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows).
`ne` is true for rows without a value, and no other operator is; this follows the organisation
service's NotEqual condition and was not found written down for the Web API.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.dataverse_simulator.definitions import Column, Table, Value
from local.dataverse_simulator.errors import DataverseError, bad_query, unknown_property
from local.dataverse_simulator.odata_tokens import LITERAL_OF, Token, literal_value, tokens_of
from local.dataverse_simulator.store import collated, folded

Test = Callable[[Mapping[str, Value]], bool]

ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda value, part: part in value,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Rows that pass have, in the columns of `among`, one of these values: a hint for an index."""

    test: Test
    among: Mapping[str, frozenset[Value]] = field(default_factory=dict)


def parse_filter(table: Table, text: str) -> Filter:
    """Raise DataverseError (400) where `text` is not a filter on this table."""
    parser = _Parser(table, text)
    try:
        found = parser.either()
    except RecursionError as error:
        raise bad_query("The node count limit of the filter has been exceeded.") from error
    parser.expect_end()
    return found


class _Parser:
    """Recursive descent, one method per precedence level."""

    def __init__(self, table: Table, text: str) -> None:
        self._table = table
        self._text = text
        self._tokens = tokens_of(text)
        self._next = 0

    def either(self) -> Filter:
        options = [self._both()]
        while self._take("or"):
            options.append(self._both())
        return options[0] if len(options) == 1 else _any_of(options)

    def expect_end(self) -> None:
        if self._next < len(self._tokens):
            raise self._syntax_error()

    def _both(self) -> Filter:
        conditions = [self._negated()]
        while self._take("and"):
            conditions.append(self._negated())
        return conditions[0] if len(conditions) == 1 else _all_of(conditions)

    def _negated(self) -> Filter:
        if self._take("not"):
            return _none_of(self._negated().test)
        if self._take("("):
            inner = self.either()
            self._expect(")")
            return inner
        name = self._pop("name")
        if name in TEXT_TESTS and self._take("("):
            return self._text_test(name)
        return self._comparison(name)

    def _text_test(self, function: str) -> Filter:
        column = self._column(self._pop("name"))
        self._expect(",")
        part = self._pop("text")[1:-1].replace("''", "'")
        part = collated(part)
        self._expect(")")
        if LITERAL_OF[column.type] != "text":
            raise bad_query(
                f"No function signature for the function with name '{function}' matches the "
                "specified arguments."
            )
        name, passes = column.name, TEXT_TESTS[function]

        def test(values: Mapping[str, Value]) -> bool:
            value = values.get(name)
            return isinstance(value, str) and passes(collated(value), part)

        return Filter(test=test)

    def _comparison(self, name: str) -> Filter:
        column = self._column(name)
        comparison = self._pop("name")
        wanted = folded(self._literal(column, comparison))
        if comparison in ORDERED:
            return _ordered(column.name, ORDERED[comparison], wanted)
        same = Filter(
            test=lambda values: folded(values.get(column.name)) == wanted,
            among={column.name: frozenset([wanted])},
        )
        if comparison == "eq":
            return same
        if comparison == "ne":
            return _none_of(same.test)
        raise self._syntax_error()

    def _literal(self, column: Column, comparison: str) -> Value:
        token = self._token()
        self._next += 1
        if token.kind == "name" and token.text == "null":
            return None
        kind = "boolean" if token.text in ("true", "false") else token.kind
        expected = LITERAL_OF[column.type]
        if kind != expected and {kind, expected} != {"instant", "date"}:
            raise bad_query(
                "A binary operator with incompatible types was detected. Found operand types "
                f"'{expected}' and '{kind}' for operator kind '{comparison}'."
            )
        value = literal_value(token.text, kind, expected)
        if value is None:
            raise self._syntax_error()
        return value

    def _column(self, name: str) -> Column:
        column = self._table.by_property.get(name)
        if column is None:
            raise unknown_property(name, self._table.logical_name)
        return column

    def _token(self) -> Token:
        if self._next >= len(self._tokens):
            raise self._syntax_error()
        return self._tokens[self._next]

    def _take(self, text: str) -> bool:
        more = self._next < len(self._tokens)
        taken = more and self._tokens[self._next] in (
            Token(kind="name", text=text),
            Token(kind="mark", text=text),
        )
        self._next += taken
        return taken

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._syntax_error()

    def _pop(self, kind: str) -> str:
        token = self._token()
        if token.kind != kind:
            raise self._syntax_error()
        self._next += 1
        return token.text

    def _syntax_error(self) -> DataverseError:
        return bad_query(f"Syntax error at position {self._next} in '{self._text}'.")


def _all_of(conditions: Sequence[Filter]) -> Filter:
    return Filter(
        test=lambda values: all(condition.test(values) for condition in conditions),
        among={name: among for each in conditions for name, among in each.among.items()},
    )


def _any_of(options: Sequence[Filter]) -> Filter:
    shared = set.intersection(*(set(option.among) for option in options))
    return Filter(
        test=lambda values: any(option.test(values) for option in options),
        among={
            name: frozenset[Value]().union(*(option.among[name] for option in options))
            for name in shared
        },
    )


def _none_of(test: Test) -> Filter:
    return Filter(test=lambda values: not test(values))


def _ordered(name: str, compare: Callable[[Any, Any], bool], wanted: Value) -> Filter:
    def test(values: Mapping[str, Value]) -> bool:
        value = folded(values.get(name))
        return value is not None and wanted is not None and compare(value, wanted)

    return Filter(test=test)
