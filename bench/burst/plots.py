"""The plots, as SVG that is the same for the same numbers."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.burst import predicting
from bench.burst.measured import Measured
from bench.burst.summary import Run

_COLOURS = ("#1b5e91", "#c4621a", "#3c7d3c", "#8b3a62")
_LEAST_SECONDS = 0.1
_TICKS = {1: "1 s", 60: "1 min", 3600: "1 h", 86_400: "1 d", 604_800: "7 d"}
_LEGEND = 0.07  # of the height, below the panels
_BELOW: Mapping[str, Any] = {"loc": "lower center", "ncol": 4, "fontsize": 8}
_STYLE: Mapping[Any, Any] = {
    "svg.hashsalt": "capacity",
    "svg.fonttype": "none",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def shares(path: Path, runs: Mapping[str, Sequence[Run]], step: str, title: str) -> None:
    """One panel for each name: which share is through with `step` after how long."""
    with mpl.rc_context(dict(_STYLE)):
        figure, panels = plt.subplots(1, len(runs), figsize=(9, 3.4), sharey=True, squeeze=False)
        for axes, (name, those) in zip(panels[0], runs.items(), strict=True):
            for colour, run in zip(_COLOURS, those, strict=False):
                _share(axes, run, step, colour)
            axes.set_title(name, fontsize=9)
            _time_axis(axes)
        panels[0][0].set_ylabel("% of all who registered")
        panels[0][0].set_ylim(-3, 103)
        figure.legend(*panels[0][0].get_legend_handles_labels(), frameon=False, **_BELOW)
        figure.suptitle(title, fontsize=10)
        _save(figure, path, bottom=_LEGEND)


def _share(axes: Axes, run: Run, step: str, colour: str) -> None:
    curve = run.curves[step]
    reached = run.times[step].count / run.registrations
    heights = [100 * reached * number / 100 for number in range(len(curve))]
    seconds = [max(_LEAST_SECONDS, one) for one in curve]
    axes.plot(seconds, heights, color=colour, label=f"{run.registrations:,}")


def depths(path: Path, runs: Iterable[Run], title: str) -> None:
    """Messages in the queue over time."""
    with mpl.rc_context(dict(_STYLE)):
        figure, axes = plt.subplots(figsize=(9, 3.2))
        for colour, run in zip(_COLOURS, runs, strict=False):
            moments = [max(1.0, when) for when, _ in run.depth]
            axes.plot(
                moments,
                [max(1, length) for _, length in run.depth],
                color=colour,
                label=f"{run.registrations:,}",
            )
        _time_axis(axes)
        axes.set_yscale("log")
        axes.set_ylabel("messages")
        axes.legend(frameon=False, fontsize=8)
        axes.set_title(title, fontsize=10)
        _save(figure, path)


def validation(path: Path, measured: Measured) -> None:
    """Each burst as measured, and between the predictions with the faster and the slower pace."""
    with mpl.rc_context(dict(_STYLE)):
        figure, panels = plt.subplots(1, 2, figsize=(9, 3.2))
        for axes, (name, predict) in zip(
            panels, {"mail": predicting.mail, "confirm": predicting.confirm}.items(), strict=True
        ):
            burst = measured.bursts[name]
            scale = [
                100 * (number + 1) / len(burst.seconds) for number in range(len(burst.seconds))
            ]
            fast, slow = (
                sorted(predict(measured, pace).durations.seconds) for pace in sorted(burst.paces)
            )
            mean = sorted(predict(measured, sum(burst.paces) / 2).durations.seconds)
            axes.fill_betweenx(scale, fast, slow, color=_COLOURS[0], alpha=0.2, linewidth=0)
            axes.plot(mean, scale, color=_COLOURS[0], label="model")
            axes.plot(burst.seconds, scale, color=_COLOURS[1], label="measured")
            axes.set_title(_MEASURED[name].format(len(burst.seconds)), fontsize=9)
            axes.set_xlabel("seconds")
        panels[0].set_ylabel("% of all")
        panels[0].legend(frameon=False, fontsize=8)
        _save(figure, path)


_MEASURED = {
    "mail": "{} registrations: from 202 to mailed",
    "confirm": "{} clicks: until the answer",
}


def _time_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xticks(list(_TICKS), list(_TICKS.values()), fontsize=8)
    axes.minorticks_off()


def _save(figure: Figure, path: Path, bottom: float = 0.0) -> None:
    figure.tight_layout(rect=(0, bottom, 1, 1))
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
