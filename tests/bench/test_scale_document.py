"""docs/scale.md: its tables and its central numbers are those that the simulation found."""

import ast
import json
import re
from typing import Any

import pytest

from bench import capacity
from bench.burst.assumed import Calls
from bench.burst.dataverse import REQUESTS_EACH, Dataverse
from bench.burst.deployment import Deployment
from bench.burst.in_scale import with_tables
from bench.burst.measured import Measured
from bench.burst.words import dollars, duration
from tests.examples import ROOT

RAW: dict[str, Any] = json.loads((capacity.FOLDER / "capacity.json").read_text(encoding="utf-8"))
MEASURED = Measured.read(capacity.MEASUREMENTS)
MILLION = RAW["ladders"]["1000000"]
TEXT = capacity.SCALE.read_text(encoding="utf-8")
PROSE = " ".join(TEXT.split())
MODULE = re.compile(r"`((?:shared|functions|bench)/[\w/]+\.py)`")
NAME = re.compile(r"`(?:[A-Z]\w+\.)?(_?[A-Za-z]\w+)`")


def of(share: str) -> Any:
    """The million's run that comes nearest to the goals."""
    return next(run for run in MILLION if share in run["best_of"])


def test_its_tables_are_those_of_the_last_run() -> None:
    assert with_tables(TEXT, RAW) == TEXT, "run python3 -m bench.capacity"


def test_a_stale_table_is_noticed() -> None:
    assert with_tables(TEXT.replace("| 10,000 |", "| 10,001 |"), RAW) == TEXT


def told() -> dict[str, str]:
    first, settings, planned = MILLION[0], of("settings"), of("all")
    dataverse = Dataverse(users=1, web_servers=1, seconds_each=Calls().dataverse)
    cpu = {name: f"{1000 * one.cpu:.0f} ms" for name, one in MEASURED.stations.items()}
    cost, logs = sum(settings["dollars"].values()), settings["dollars"]["logs"]
    slots = [Deployment().queue_slots, Deployment(batch_size=16, new_batch_threshold=8).queue_slots]
    return {
        "returns": f"{settings['promotions_put_back'] / 1e6:.0f} million deliveries",
        "their cost": f"costs {dollars(cost)}, {dollars(logs)} of it for logs",
        "full queue": f"{100 * first['told_503'] / 1_000_000:.0f} % of a million register calls",
        "left over": f"95 of 100 are mailed within {duration(planned['times']['mail']['p95'])}",
        "register": f"takes {cpu['register']} of CPU",
        "send": f"With {cpu['send']} of CPU for each mail",
        "hand-overs": f"{dataverse.per_second:.1f} a second",
        "requests": "three requests" if REQUESTS_EACH == 3 else "other than three requests",
        "work": f"takes {Calls().dataverse:g} seconds",
        "mails": f"that is {slots[0] / 0.45:.0f} or {slots[1] / 0.45:.0f} a second",
    }


@pytest.mark.parametrize("name", told())
def test_its_central_numbers_are_those_of_the_last_run(name: str) -> None:
    assert told()[name] in PROSE


def names_in(file: str) -> set[str]:
    nodes = list(ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))))
    made = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return made | used | {node.id for node in nodes if isinstance(node, ast.Name)}


def test_each_seam_is_where_it_says() -> None:
    """Modules and names that the plan is fastened to."""
    files = set(MODULE.findall(TEXT)) - {"shared/adapters/mailer_shared.py"}
    assert len(files) > 20
    known = set().union(*(names_in(file) for file in files))
    seams = {name for part in TEXT.split("**The seam**")[1:] for name in NAME.findall(part)}
    assert {"claim_in_turn", "QueueName", "_UNCOUNTED"} <= seams
    settings = {name for name in seams if re.fullmatch("[A-Z]+_[A-Z_]+|[a-z]+[A-Z]\\w+", name)}
    assert seams - (settings - {"MAILS_ROW"}) - {"limits"} <= known
