"""The order of start, readiness, death and end, with small programs standing in for the parts."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.stack.parts import Part
from local.stack.problem import Problem
from local.stack.readiness import answers_http, answers_smtp
from local.stack.run_stack import StackParts, WhatElseToDo, run_stack
from local.stack.running_parts import RunningParts
from local.stack.stop_request import Stopped, StopRequest

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE_SECONDS = 20.0
# Writes its process id and, when asked to end, a line in the diary it shares with the others.
PART = """
import os, signal, sys, time
name, pids, diary = sys.argv[1:]
def end(*_):
    open(diary, "a").write(f"{name} ended\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(diary, "a").write(f"{name} started\\n")
open(os.path.join(pids, name), "w").write(str(os.getpid()))
print(f"{name} says hello", flush=True)
while True:
    time.sleep(0.05)
"""


class Playground:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diary = folder / "diary.txt"
        self.pids = folder / "pids"
        self.pids.mkdir()
        self.logs = folder / "logs"
        self.logs.mkdir()
        self.stop = StopRequest()
        self.running = RunningParts(
            folder=folder, environment=os.environ, logs=self.logs, stop=self.stop
        )

    def part(self, name: str, *, answers: Callable[[], bool] | None = None) -> Part:
        command = (sys.executable, "-c", PART, name, str(self.pids), str(self.diary))
        started = (self.pids / name).exists
        return Part(name=name, title=f"the {name}", command=command, answers=answers or started)

    def pid(self, name: str) -> int:
        return int((self.pids / name).read_text())

    def write(self, line: str) -> None:
        with self.diary.open("a") as diary:
            diary.write(f"{line}\n")

    def lines(self) -> list[str]:
        return self.diary.read_text().splitlines()


@pytest.fixture
def playground(tmp_path: Path) -> Playground:
    return Playground(tmp_path)


def is_alive(pid: int) -> bool:
    """A zombie, which nobody has asked about yet, is not alive."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_storage_is_made_before_the_apps_start_and_the_last_started_ends_first(
    playground: Playground,
) -> None:
    parts = StackParts(
        storage=playground.part("storage"),
        services=(playground.part("mail"),),
        apps=(playground.part("website"), playground.part("functions")),
    )

    def announce() -> None:
        playground.write("announced")
        playground.stop.set()

    what_else = WhatElseToDo(
        set_up_storage=lambda: playground.write("queues made"), announce=announce
    )
    run_stack(parts, what_else, running=playground.running, stop=playground.stop)

    lines = playground.lines()
    assert lines.index("storage started") < lines.index("queues made")
    assert lines.index("queues made") < lines.index("functions started")
    assert lines.index("functions started") < lines.index("announced")
    assert lines[lines.index("announced") + 1 :] == [
        *("functions ended", "website ended", "mail ended", "storage ended")
    ]


def test_a_part_that_dies_is_named_with_its_log_and_everything_ends(
    playground: Playground,
) -> None:
    parts = StackParts(
        storage=playground.part("storage"), services=(playground.part("mail"),), apps=()
    )
    what_else = WhatElseToDo(
        set_up_storage=lambda: None, announce=lambda: os.kill(playground.pid("mail"), 9)
    )

    with pytest.raises(Problem) as problem:
        run_stack(parts, what_else, running=playground.running, stop=playground.stop)

    assert "The mail ended by itself (exit code -9)" in str(problem.value)
    assert "mail says hello" in str(problem.value)
    assert not is_alive(playground.pid("storage"))


def test_a_part_that_never_answers_is_named_with_its_log(playground: Playground) -> None:
    silent = playground.part("mail", answers=lambda: False)

    with playground.running:
        playground.running.start(silent)
        assert wait_until(lambda: "hello" in playground.running.log(silent).read_text())
        with pytest.raises(Problem) as problem:
            playground.running.wait_until_ready(silent, seconds=0.3)

    assert "the mail does not answer" in str(problem.value)
    assert "mail says hello" in str(problem.value)
    assert not is_alive(playground.pid("mail"))


def test_only_the_end_of_a_long_log_is_shown(playground: Playground) -> None:
    script = "for number in range(100): print('line', number)"
    talker = Part(
        name="talker",
        title="the talker",
        command=(sys.executable, "-c", script),
        answers=lambda: False,
    )

    with playground.running:
        playground.running.start(talker)
        with pytest.raises(Problem) as problem:
            playground.running.wait_until_ready(talker, seconds=DEADLINE_SECONDS)

    assert "line 80\n" in str(problem.value)
    assert "line 99" in str(problem.value)
    assert "line 79" not in str(problem.value)


def test_a_stop_during_the_start_ends_what_was_started(playground: Playground) -> None:
    def answers_never_but_somebody_presses_ctrl_c() -> bool:
        if (playground.pids / "storage").exists():
            playground.stop.set()
        return False

    storage = playground.part("storage", answers=answers_never_but_somebody_presses_ctrl_c)
    parts = StackParts(storage=storage, services=(), apps=(playground.part("functions"),))
    what_else = WhatElseToDo(set_up_storage=lambda: None, announce=lambda: None)

    with pytest.raises(Stopped):
        run_stack(parts, what_else, running=playground.running, stop=playground.stop)

    assert playground.lines() == ["storage started", "storage ended"]
    assert not is_alive(playground.pid("storage"))


def test_a_command_that_does_not_exist_is_a_problem_not_a_stack_trace(
    playground: Playground,
) -> None:
    part = Part(
        name="ghost",
        title="the ghost",
        command=(str(playground.folder / "no-such-program"),),
        answers=lambda: True,
    )

    with pytest.raises(Problem, match="Starting the ghost failed"), playground.running:
        playground.running.start(part)


def test_grandchildren_end_too_even_stubborn_ones(playground: Playground) -> None:
    stubborn = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    )
    pid_file = playground.pids / "grandchild"
    parent = (
        "import subprocess, sys, time; "
        f"subprocess.Popen([sys.executable, '-c', {stubborn!r}, {str(pid_file)!r}]); "
        "time.sleep(600)"
    )
    part = Part(
        name="family",
        title="the family",
        command=(sys.executable, "-c", parent),
        answers=lambda: pid_file.exists() and pid_file.read_text() != "",
    )

    with playground.running:
        playground.running.start(part)
        playground.running.wait_until_ready(part, seconds=DEADLINE_SECONDS)
        grandchild = playground.pid("grandchild")
        assert is_alive(grandchild)

    assert wait_until(lambda: not is_alive(grandchild))


def test_an_http_error_or_silence_is_not_ready() -> None:
    assert answers_http(free_port(), "/")() is False
    assert answers_smtp(free_port())() is False


def test_a_port_that_is_open_but_mute_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.stack.readiness.ANSWER_SECONDS", 0.2)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]

        assert answers_http(port, "/")() is False
        assert answers_smtp(port)() is False
