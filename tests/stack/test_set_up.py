"""When installing is skipped, repeated and begun anew; the commands themselves are recorded."""

from __future__ import annotations

import io
import os
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.stack.node_packages import install_node_packages, node_packages_are_installed
from local.stack.prerequisites import Node, find_node, require_venv_support
from local.stack.problem import Problem
from local.stack.progress import run_side_by_side
from local.stack.python_environment import (
    CHECKOV_PACKAGES,
    DEV_PACKAGES,
    LOCAL_PACKAGES,
    PythonEnvironment,
    install_packages,
    packages_are_installed,
)
from local.stack.run_command import CommandFailed, run_command
from local.stack.stop_request import Stopped, StopRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

NODE = Node(node="/bin/node", npm="/bin/npm", version="v20.20.2")


class Recorder:
    """Runs no pip; makes the environment itself, as `python -m venv` is slow."""

    def __init__(self, fail_on: str = "", error: Exception | None = None) -> None:
        self.commands: list[str] = []
        self.fail_on = fail_on
        self.error = error

    def __call__(self, command: Sequence[str]) -> None:
        self.commands.append(" ".join(command[1:]))
        if "venv" in command:
            venv.create(command[-1], with_pip=False, symlinks=True)
        if self.error and self.fail_on in command:
            raise self.error

    def ran(self, words: str) -> bool:
        return any(words in command for command in self.commands)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("a==1\n")
    (tmp_path / LOCAL_PACKAGES).write_text("a==1\nb==1\n")
    (tmp_path / DEV_PACKAGES).write_text("a==1\nb==1\nc==1\n")
    return tmp_path


@pytest.fixture
def environment(root: Path) -> PythonEnvironment:
    return PythonEnvironment(folder=root / ".venv")


def test_the_first_time_it_makes_the_environment_and_installs(
    root: Path, environment: PythonEnvironment
) -> None:
    assert not packages_are_installed(environment, root, LOCAL_PACKAGES)
    run = Recorder()

    install_packages(environment, root, LOCAL_PACKAGES, run)

    assert run.ran("-m venv")
    assert run.ran(f"--requirement {LOCAL_PACKAGES}")
    assert packages_are_installed(environment, root, LOCAL_PACKAGES)


def test_development_packages_bring_the_local_ones_but_not_the_other_way_round(
    root: Path, environment: PythonEnvironment
) -> None:
    install_packages(environment, root, LOCAL_PACKAGES, Recorder())
    assert not packages_are_installed(environment, root, DEV_PACKAGES)

    install_packages(environment, root, DEV_PACKAGES, Recorder())
    assert packages_are_installed(environment, root, DEV_PACKAGES)
    assert packages_are_installed(environment, root, LOCAL_PACKAGES)


@pytest.mark.parametrize("changed", ["requirements.txt", LOCAL_PACKAGES, DEV_PACKAGES])
def test_a_changed_list_is_installed_again(
    root: Path, environment: PythonEnvironment, changed: str
) -> None:
    install_packages(environment, root, DEV_PACKAGES, Recorder())

    (root / changed).write_text("a==2\n")

    assert not packages_are_installed(environment, root, DEV_PACKAGES)


def test_checkov_has_an_environment_of_its_own(root: Path, environment: PythonEnvironment) -> None:
    (root / CHECKOV_PACKAGES).write_text("d==1\n")
    alone = PythonEnvironment(folder=root / ".venv-checkov")
    install_packages(environment, root, DEV_PACKAGES, Recorder())
    install_packages(alone, root, CHECKOV_PACKAGES, Recorder())

    (root / CHECKOV_PACKAGES).write_text("d==2\n")
    assert packages_are_installed(environment, root, DEV_PACKAGES)
    assert not packages_are_installed(alone, root, CHECKOV_PACKAGES)

    install_packages(alone, root, CHECKOV_PACKAGES, Recorder())
    (root / DEV_PACKAGES).write_text("c==2\n")
    assert packages_are_installed(alone, root, CHECKOV_PACKAGES)
    assert not packages_are_installed(environment, root, DEV_PACKAGES)


def test_an_interrupted_installation_begins_with_an_empty_environment(
    root: Path, environment: PythonEnvironment
) -> None:
    with pytest.raises(Stopped):
        install_packages(environment, root, LOCAL_PACKAGES, Recorder("--requirement", Stopped()))
    half_a_package = environment.folder / "half-a-package"
    half_a_package.touch()
    assert not packages_are_installed(environment, root, LOCAL_PACKAGES)

    run = Recorder()
    install_packages(environment, root, LOCAL_PACKAGES, run)

    assert not half_a_package.exists()
    assert run.ran("-m venv")
    assert packages_are_installed(environment, root, LOCAL_PACKAGES)


def test_an_interrupted_creation_begins_anew(root: Path, environment: PythonEnvironment) -> None:
    with pytest.raises(Stopped):
        install_packages(environment, root, LOCAL_PACKAGES, Recorder("venv", Stopped()))

    run = Recorder()
    install_packages(environment, root, LOCAL_PACKAGES, run)

    assert run.ran("-m venv")
    assert packages_are_installed(environment, root, LOCAL_PACKAGES)


def test_a_failed_installation_keeps_the_environment_and_is_tried_again(
    root: Path, environment: PythonEnvironment
) -> None:
    offline = CommandFailed("no network")
    with pytest.raises(CommandFailed):
        install_packages(environment, root, LOCAL_PACKAGES, Recorder("--requirement", offline))
    assert not packages_are_installed(environment, root, LOCAL_PACKAGES)

    run = Recorder()
    install_packages(environment, root, LOCAL_PACKAGES, run)

    assert not run.ran("-m venv")
    assert run.ran("--requirement")


def test_an_environment_made_by_hand_is_used_and_gets_its_missing_pip(
    root: Path, environment: PythonEnvironment
) -> None:
    venv.create(environment.folder, with_pip=False, symlinks=True)
    run = Recorder()

    install_packages(environment, root, LOCAL_PACKAGES, run)

    assert not run.ran("-m venv")
    assert run.ran("-m ensurepip")


def test_an_environment_whose_python_is_gone_is_made_anew(
    root: Path, environment: PythonEnvironment
) -> None:
    install_packages(environment, root, LOCAL_PACKAGES, Recorder())
    for python in environment.scripts.glob("python*"):
        python.unlink()
    environment.python.symlink_to(root / "uninstalled" / "python")
    assert not packages_are_installed(environment, root, LOCAL_PACKAGES)

    install_packages(environment, root, LOCAL_PACKAGES, Recorder())

    assert packages_are_installed(environment, root, LOCAL_PACKAGES)


@pytest.fixture
def node_folder(tmp_path: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_text(name)
    return tmp_path


def install_like_npm(folder: Path) -> None:
    install_node_packages(NODE, folder, lambda _: (folder / "node_modules").mkdir(exist_ok=True))


def test_node_packages_are_installed_once(node_folder: Path) -> None:
    assert not node_packages_are_installed(NODE, node_folder)

    install_like_npm(node_folder)

    assert node_packages_are_installed(NODE, node_folder)


def test_node_packages_are_installed_again_after_a_change_of_list_or_node(
    node_folder: Path,
) -> None:
    install_like_npm(node_folder)
    other_node = Node(node=NODE.node, npm=NODE.npm, version="v22.1.0")

    assert not node_packages_are_installed(other_node, node_folder)
    (node_folder / "package-lock.json").write_text("changed")
    assert not node_packages_are_installed(NODE, node_folder)


def test_a_failed_npm_leaves_no_stamp(node_folder: Path) -> None:
    def fail(_: Sequence[str]) -> None:
        (node_folder / "node_modules").mkdir()
        raise CommandFailed("no network")

    with pytest.raises(CommandFailed):
        install_node_packages(NODE, node_folder, fail)

    assert not node_packages_are_installed(NODE, node_folder)


def test_node_of_this_machine_is_found_with_its_version() -> None:
    node = find_node()

    assert Path(node.node).is_file()
    assert int(node.version.removeprefix("v").split(".")[0]) >= 20


def test_a_missing_node_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"Node\.js is missing .*install Node\.js 20 or newer"):
        find_node(str(tmp_path))


def test_an_old_node_is_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.20.4\n")
    old.chmod(0o755)

    with pytest.raises(Problem, match=r"Node\.js v18\.20\.4 is too old"):
        find_node(str(tmp_path))


def test_a_python_without_its_venv_half_says_which_package_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_venv_support()
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # how Python marks a module as not there

    with pytest.raises(Problem, match="apt install python3-venv"):
        require_venv_support()


def test_a_failed_command_is_shown_with_what_it_printed(tmp_path: Path) -> None:
    script = "import sys; print('half done'); sys.exit('disk full')"

    with pytest.raises(CommandFailed) as failure:
        run_command(
            [sys.executable, "-c", script],
            folder=tmp_path,
            environment=os.environ,
            stop=StopRequest(),
        )

    text = str(failure.value)
    assert "exit code 1" in text
    assert sys.executable in text
    assert "half done" in text
    assert "disk full" in text


def test_jobs_side_by_side_report_each_one_that_is_done() -> None:
    output = io.StringIO()

    run_side_by_side(
        {"Python packages": lambda: None, "Node packages": lambda: None},
        stop=StopRequest(),
        output=output,
    )

    assert sorted(line.split(" … ")[0] for line in output.getvalue().splitlines()) == [
        *("Node packages", "Python packages")
    ]


def test_the_first_failure_ends_the_other_jobs_and_is_the_one_reported() -> None:
    stop = StopRequest()

    def fail() -> None:
        raise CommandFailed("no network")

    def work_for_a_minute() -> None:
        stop.sleep(60)

    with pytest.raises(CommandFailed, match="no network"):
        run_side_by_side(
            {"slow": work_for_a_minute, "failing": fail}, stop=stop, output=io.StringIO()
        )


def test_a_stop_ends_the_jobs() -> None:
    stop = StopRequest()

    def press_ctrl_c_and_work() -> None:
        stop.set()
        stop.sleep(60)

    with pytest.raises(Stopped):
        run_side_by_side({"slow": press_ctrl_c_and_work}, stop=stop, output=io.StringIO())
