"""How `doi mail lint` shows what it found: for people, and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from cli.lint.lint import Finding, Result
from cli.lint.rule import Mode, Rule
from cli.lint.rules import RULES
from cli.printing import print_json, print_table, say


def show_results(
    results: Mapping[str, Result], broken: Iterable[str], mode: Mode, *, as_json: bool
) -> None:
    """By form. `broken` are files that have no mails to look at."""
    findings = [finding for result in results.values() for finding in result.findings]
    if as_json:
        print_json(
            {
                "mode": mode.value,
                "mails": sum(result.mails for result in results.values()),
                "broken": list(broken),
                "findings": [finding_as_json(each) for each in findings],
            }
        )
        return
    _show_by_language(findings)
    _show_sources(findings)
    for form, result in results.items():
        outcome = f"{len(result.findings)} to mend" if result.findings else "clean"
        say(f"{form}: {result.mails} mails, {outcome} ({mode} mode)")


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """For programs."""
    place = finding.place
    return {
        "form": finding.form,
        "language": finding.language,
        "rule": finding.rule.id,
        "refuses": finding.rule.what,
        "mode": finding.rule.mode.value,
        "part": finding.part.value,
        "excerpt": finding.excerpt,
        "file": place.file if place else None,
        "pointer": place.pointer if place else None,
        "line": place.line if place else None,
        "mails": list(finding.mails),
        "mend": finding.rule.mend,
        "source": finding.rule.authority.name,
        "url": finding.rule.authority.url,
    }


def show_rules(mode: Mode, *, as_json: bool) -> None:
    """Those that hold in the mode."""
    rules = [rule for rule in RULES if rule.holds_in(mode)]
    if as_json:
        print_json([_rule_as_json(rule) for rule in rules])
        return
    print_table(
        f"rules in {mode} mode: {len(rules)}",
        ("rule", "mode", "refuses", "source"),
        ((rule.id, rule.mode.value, rule.what, rule.authority.name) for rule in rules),
        whole=2,
    )


def _show_by_language(findings: Iterable[Finding]) -> None:
    shown = None
    for finding in findings:
        if shown != (shown := (finding.form, finding.language)):
            say(f"{finding.form}, {finding.language}")
        is_part = finding.words in finding.excerpt and finding.words != finding.excerpt
        quoted = f": “{finding.words}”" if is_part else ""
        say(f"  {finding.rule.id}{quoted}")
        say(f"    {finding.excerpt}")
        say(f"    {finding.place or finding.part}  ({_mails(finding)})")
        say(f"    → {finding.rule.mend}")


def _show_sources(findings: Iterable[Finding]) -> None:
    """Once for each rule, however often it was broken."""
    for rule in {finding.rule.id: finding.rule for finding in findings}.values():
        say(f"{rule.id} refuses {rule.what}.")
        say(f"  {rule.authority.name}")
        if rule.authority.url:
            say(f"  {rule.authority.url}")


def _mails(finding: Finding) -> str:
    kinds = dict.fromkeys(name.partition(", ")[0] for name in finding.mails)
    origins = dict.fromkeys(name.partition(", ")[2] for name in finding.mails)
    if len(kinds) * len(origins) == len(finding.mails):
        return f"{', '.join(kinds)} · {', '.join(origins)}"
    return "; ".join(finding.mails)


def _rule_as_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "mode": rule.mode.value,
        "refuses": rule.what,
        "mend": rule.mend,
        "source": rule.authority.name,
        "url": rule.authority.url,
    }
