"""`dev.py test`: format, lint, types, import rules, then the tests."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from local.stack.console import complain, say
from local.stack.run_in_terminal import run_in_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack.python_environment import PythonEnvironment
    from local.stack.stop_request import StopRequest

# More would start as many stacks, and wait for one another.
MOST_PROCESSES = 4
# Some images set it for everybody; but the tests start hundreds of Pythons, and without bytecode
# each of them would compile the project anew.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
SPREAD = ("--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0")


def run_checks(
    environment: PythonEnvironment,
    *,
    pytest_arguments: Sequence[str],
    only_tests: bool,
    stop: StopRequest,
) -> int:
    """All of them, even after a failure. The exit code: 1 where any failed. Raises Stopped.

    Nothing is printed after pytest's closing line unless a check failed.
    """
    script = environment.scripts
    checks: dict[str, list[str]] = {
        "format": [str(script / "ruff"), "format", "--check", "."],
        "lint": [str(script / "ruff"), "check", "."],
        "types": [str(script / "mypy")],
        "import rules": [str(script / "lint-imports"), "--no-logo"],
    }
    # Whoever asks for something gets pytest as it is, which starts at once and can be debugged.
    arguments = pytest_arguments or ("-n", str(_processes()), *SPREAD)
    tests = [str(environment.python), "-m", "pytest", *arguments]
    results = {} if only_tests else {name: _check(name, checks[name], stop) for name in checks}
    if results:
        say("\nChecks: " + ", ".join(f"{name} {_word(ok)}" for name, ok in results.items()))
    results["tests"] = _check("tests", tests, stop, report=False)
    failed = [name for name, ok in results.items() if not ok]
    if failed:
        complain(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def _processes() -> int:
    """How many share all tests: no more than processors, since what is late seems to fail."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def _check(name: str, command: Sequence[str], stop: StopRequest, *, report: bool = True) -> bool:
    shown = " ".join([command[0].rsplit("/", 1)[-1].rsplit("\\", 1)[-1], *command[1:]])
    say(f"\n== {name}: {shown}")
    environment = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    started = time.monotonic()
    ok = run_in_terminal(command, stop, environment) == 0
    if report:
        say(f"{name} {_word(ok)}, {time.monotonic() - started:.1f} s")
    return ok


def _word(ok: bool) -> str:  # noqa: FBT001 - a result turned into a word
    return "ok" if ok else "FAILED"
