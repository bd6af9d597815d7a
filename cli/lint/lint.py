"""Holds the mails of a form to the rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cli.lint.compose import Composer, compose_all
from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.place import Place, Places
from cli.lint.rule import Mode, Rule
from cli.lint.rules import RULE_BY_ID, RULES, SENDABLE
from cli.lint.sample import Origin
from shared.values.form import Form


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that mails of one form and language break, at one place.

    `mails` names them: kind and origin. The excerpt is of the form's own texts; whoever stands
    in it is a sample.
    """

    form: str
    language: str
    rule: Rule
    part: Part
    excerpt: str
    words: str
    place: Place | None
    mails: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came out: how many mails were looked at, and every finding."""

    mails: int
    findings: tuple[Finding, ...]


def lint_form(  # noqa: PLR0913 - what the command line can choose
    form: Form,
    composer: Composer,
    places: Places,
    *,
    mode: Mode,
    languages: Sequence[str] = (),
    allowed_words: Sequence[str] = (),
) -> Result:
    """Every mail of the form, in every language unless some are given."""
    found: list[Finding] = []
    count = 0
    for origin, mail in compose_all(
        form, composer, languages=languages, allowed_words=allowed_words
    ):
        count += 1
        found += (
            Finding(
                form=form.id,
                language=mail.language,
                rule=rule,
                part=hit.part,
                excerpt=hit.excerpt,
                words=hit.words or hit.excerpt,
                place=places.of(hit, mail),
                mails=(_name(mail, origin),),
            )
            for rule, hit in broken_rules(mail, mode)
        )
    return Result(mails=count, findings=tuple(_merged(found)))


def broken_rules(mail: ComposedMail, mode: Mode) -> Iterator[tuple[Rule, Hit]]:
    """Each rule that the mail breaks, with what was found.

    Of a mail that cannot be sent only that is told: there are no bytes to look at.
    """
    for rule in [RULE_BY_ID[SENDABLE]] if mail.refusal else RULES:
        if rule.holds_in(mode):
            for hit in rule.find(mail):
                yield rule, hit


def _name(mail: ComposedMail, origin: Origin) -> str:
    return f"{mail.kind}, {origin}"


def _merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same thing in several mails, or in both parts of one, is told once."""
    by_what: dict[tuple[str, ...], Finding] = {}
    for each in findings:
        where = str(each.place or each.part)
        what = (each.form, each.language, each.rule.id, where, each.words)
        known = by_what.setdefault(what, each)
        mails = tuple(dict.fromkeys([*known.mails, *each.mails]))
        by_what[what] = replace(known, mails=mails)
    yield from by_what.values()
