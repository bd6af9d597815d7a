"""Works out Bicep expressions, as far as our templates use them.

Azure Resource Manager does this in a deployment. Here it shows what a deployment would give the
app, and which mistakes in parameters it would refuse.
https://learn.microsoft.com/azure/azure-resource-manager/bicep/operators
"""

from __future__ import annotations

import operator
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from tests.infra.bicep_functions import FUNCTIONS
from tests.infra.expression_tokens import Interpolation, Token, tokens_of

Scope = MutableMapping[str, Any]  # what each symbol stands for
Work = Callable[[Scope], Any]

_STRENGTHS = {"??": 1, "||": 2, "&&": 3, "==": 4, "!=": 4, ">": 5, "<": 5, ">=": 5, "<=": 5}
_EAGER: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_WORDS = {"true": True, "false": False, "null": None}


def work_out(text: str, scope: Scope) -> Any:
    """The value. Raises KeyError for unknown names, ValueError for what is not understood."""
    parser = _Parser(tokens_of(text))
    work = parser.expression()
    parser.take("end")
    return work(scope)


class _Parser:
    """Reads from left to right; each part becomes a function of the scope, for later."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    def expression(self, strength: int = 0) -> Work:
        left = self.postfix(self.primary())
        while _STRENGTHS.get(self.next, 0) > strength:
            sign = self.take()
            left = _joined(sign.text, left, self.expression(_STRENGTHS[sign.text]))
        if strength == 0 and self.next == "?":
            self.take()
            yes = self.expression()
            self.take(":")
            return _chosen(left, yes, self.expression())
        return left

    def primary(self) -> Work:
        begin = self.next
        token = self.take()
        readers: Mapping[str, Callable[[], Work]] = {
            "!": self.negation,
            "(": self.parentheses,
            "[": self.array,
            "{": self.object,
            "string": lambda: _filled_in(token),
            "number": lambda: _constant(int(token.text)),
            "name": lambda: self.name(token.text),
        }
        if begin not in readers:
            raise ValueError(f"{begin} was not expected")
        return readers[begin]()

    def negation(self) -> Work:
        negated = self.postfix(self.primary())
        return lambda scope: not negated(scope)

    def parentheses(self) -> Work:
        inner = self.expression()
        self.take(")")
        return inner

    def array(self) -> Work:
        if self.tokens[self.at].text == "for":
            return self.loop()
        items = self.until("]", self.expression)
        return lambda scope: [item(scope) for item in items]

    def object(self) -> Work:
        pairs = self.until("}", self.pair)
        return lambda scope: {key(scope): value(scope) for key, value in pairs}

    def loop(self) -> Work:
        self.take("name")
        item, index = self.loop_variables()
        self.take("name")
        items = self.expression()
        self.take(":")
        each = self.expression()
        self.take("]")
        return lambda scope: [
            each(ChainMap({item: value, index: number}, scope))
            for number, value in enumerate(items(scope))
        ]

    def loop_variables(self) -> tuple[str, str]:
        """Of `for item in` and of `for (item, index) in`."""
        if self.next != "(":
            return self.take("name").text, ""
        self.take()
        item, index = (token.text for token in self.until(")", self.take))
        return item, index

    def name(self, name: str) -> Work:
        if name in _WORDS:
            return _constant(_WORDS[name])
        if self.next != "(":
            return lambda scope: scope[name]
        self.take()
        arguments = self.until(")", self.expression)
        return lambda scope: (FUNCTIONS.get(name) or scope[name])(
            *(argument(scope) for argument in arguments)
        )

    def postfix(self, value: Work) -> Work:
        while self.next in {".", ".?", "!"}:
            if self.take().text != "!":  # which only says that the value is there
                value = _member(value, self.take().text)
        return value

    def pair(self) -> tuple[Work, Work]:
        key = self.take()
        self.take(":")
        return _filled_in(key) if key.kind == "string" else _constant(key.text), self.expression()

    def until(self, closing: str, read: Callable[[], Any]) -> list[Any]:
        """Parts that a comma or a line ends."""
        found = []
        while self.next != closing:
            if self.next in {",", "line"}:
                self.take()
            else:
                found.append(read())
        self.take(closing)
        return found

    @property
    def next(self) -> str:
        token = self.tokens[self.at]
        return token.text if token.kind == "operator" else token.kind

    def take(self, expected: str = "") -> Token:
        if expected and self.next != expected:
            raise ValueError(f"{expected} expected, and not {self.next}")
        self.at += 1
        return self.tokens[self.at - 1]


def _constant(value: Any) -> Work:
    return lambda _: value


def _member(value: Work, name: str) -> Work:
    return lambda scope: value(scope)[name]


def _chosen(condition: Work, yes: Work, no: Work) -> Work:
    return lambda scope: yes(scope) if condition(scope) else no(scope)


def _joined(sign: str, left: Work, right: Work) -> Work:
    match sign:
        case "&&":
            return lambda scope: left(scope) and right(scope)
        case "||":
            return lambda scope: left(scope) or right(scope)
        case "??":
            return lambda scope: right(scope) if left(scope) is None else left(scope)
    return lambda scope: _EAGER[sign](left(scope), right(scope))


def _filled_in(token: Token) -> Work:
    def work(scope: Scope) -> str:
        parts = [
            work_out(part.text, scope) if isinstance(part, Interpolation) else part
            for part in token.parts
        ]
        return "".join(str(part) for part in parts)

    return work
