"""Plots as SVG: the same numbers give the same file."""

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.rounds import Spread

mpl.rcParams["svg.hashsalt"] = "bench"
mpl.rcParams["svg.fonttype"] = "none"
_SIZE = (7.2, 3.4)
_COLOURS = ("#0b5c8e", "#d9822b", "#6b7785", "#2f8f5b", "#a23b72")


def bars(
    title: str,
    unit: str,
    groups: Sequence[str],
    series: Mapping[str, Sequence[Spread | None]],
    line_at: float | None = None,
) -> str:
    """One bar for each series in each group, its spread as a whisker; `line_at` marks a goal."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(series)
    for number, (name, spreads) in enumerate(series.items()):
        shown = [(place, spread) for place, spread in enumerate(spreads) if spread is not None]
        axes.bar(
            [place + number * width for place, _ in shown],
            [spread.median for _, spread in shown],
            width=width * 0.92,
            yerr=[
                [spread.median - spread.lowest for _, spread in shown],
                [spread.highest - spread.median for _, spread in shown],
            ],
            label=name,
            color=_COLOURS[number % len(_COLOURS)],
            error_kw={"elinewidth": 1, "ecolor": "#333333", "capsize": 2},
        )
    axes.set_xticks([place + 0.4 - width / 2 for place in range(len(groups))], groups)
    if line_at is not None:
        axes.axhline(line_at, color="#b00020", linewidth=1, linestyle="--")
    axes.set_ylabel(unit)
    axes.set_title(title, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    if len(series) > 1:
        axes.legend(fontsize=8, frameon=False)
    return _svg(figure)


def stripes(title: str, unit: str, rows: Mapping[str, float]) -> str:
    """One horizontal bar for each row, the longest on top."""
    figure = Figure(figsize=(_SIZE[0], 0.9 + 0.24 * len(rows)), layout="constrained")
    axes = figure.subplots()
    ordered = sorted(rows.items(), key=lambda row: row[1])
    axes.barh([name for name, _ in ordered], [value for _, value in ordered], color=_COLOURS[0])
    axes.set_xlabel(unit)
    axes.set_title(title, fontsize=10)
    axes.tick_params(axis="y", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    lines = (line.rstrip() for line in buffer.getvalue().splitlines())
    return "\n".join(lines) + "\n"
