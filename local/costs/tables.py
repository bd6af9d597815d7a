"""The sums as Markdown tables, in the place between the document's marks."""

from collections.abc import Iterable, Sequence

from local.costs.bill import Installation, Line, bill, total
from local.markdown import table, with_part

MINUS = "\N{MINUS SIGN}"
_SIZES = (0, 1_000, 10_000, 100_000)
# What is switched on, as the parameter says it, and what it adds.
_SWITCHES = (
    ("`alwaysReadyHttpInstances = 0`", Installation(always_ready=0)),
    ("`instanceMemoryMB = 512`", Installation(memory_gb=0.5)),
    ("`instanceMemoryMB = 4096`", Installation(memory_gb=4)),
    ("`linkedInClientId` (four more rules)", Installation(linkedin=True)),
    ("`vnetEnabled = true`", Installation(private_network=True)),
    ("`frontDoorEnabled = true`", Installation(front_door=True)),
    ("`zoneRedundant = true`", Installation(zone_redundant=True)),
)


def with_sums(text: str) -> str:
    """The document with fresh tables. Raises ValueError where a mark is gone."""
    for name, content in (
        ("1,000 registrations", _thousand()),
        ("a month", _months()),
        ("switches", _switches()),
    ):
        text = with_part(text, f"costs: {name}", name, f"\n{content}\n")
    return text


def dollars(amount: float) -> str:
    """With cents; less than half a cent is no number."""
    return "< $0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"  # noqa: PLR2004 - half a cent


def _thousand() -> str:
    """What a thousand more cost, when the free grants are used up already."""
    many = {line.what: line for line in bill(Installation(registrations=101_000))}
    fewer = {line.what: line for line in bill(Installation(registrations=100_000))}
    lines = [
        (what, dollars(line.dollars - fewer[what].dollars))
        for what, line in many.items()
        if line.dollars > fewer[what].dollars
    ]
    cost = total(Installation(registrations=101_000)) - total(Installation(registrations=100_000))
    return table(("for 1,000 more", ""), [*lines, ("**together**", f"**{dollars(cost)}**")])


def _months() -> str:
    bills = [list(bill(Installation(registrations=size))) for size in _SIZES]
    names = list(dict.fromkeys(line.what for lines in bills for line in lines))
    rows = [(name, *(_of(name, lines) for lines in bills), _sum_of(name, bills)) for name in names]
    sums = (f"**{dollars(total(Installation(registrations=size)))}**" for size in _SIZES)
    head = ("confirmed registrations a month", *(f"{size:,}" for size in _SIZES), "for 1,000, as")
    return table(head, [*rows, ("**together**", *sums, "")])


def _of(name: str, lines: Iterable[Line]) -> str:
    return dollars(sum(line.dollars for line in lines if line.what == name))


def _sum_of(name: str, bills: Sequence[Sequence[Line]]) -> str:
    return next(line.sum for line in bills[1] if line.what == name)


def _switches() -> str:
    usual = total(Installation())
    rows = [
        (name, f"{'+' if total(one) > usual else MINUS} {dollars(abs(total(one) - usual))}")
        for name, one in _SWITCHES
    ]
    return table(("parameter", "changes a month by"), rows)
