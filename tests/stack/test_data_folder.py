from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.stack.data_folder import data_folder
from local.stack.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from local.stack.data_folder import data_folder
with data_folder(Path(sys.argv[1]), fresh=False):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold_in_another_process(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - a script of this test
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_what_a_stack_stored_is_there_for_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    with data_folder(folder, fresh=False) as data:
        (data / "mail" / "1.eml").write_text("hello")

    with data_folder(folder, fresh=False) as data:
        assert (data / "mail" / "1.eml").read_text() == "hello"


def test_fresh_empties_it(tmp_path: Path) -> None:
    with data_folder(tmp_path / "data", fresh=False) as data:
        (data / "mail" / "1.eml").write_text("hello")
        (data / "stray.txt").write_text("stray")

    with data_folder(tmp_path / "data", fresh=True) as data:
        assert list((data / "mail").iterdir()) == []
        assert not (data / "stray.txt").exists()


def test_fresh_does_not_follow_a_link_out_of_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    with data_folder(tmp_path / "data", fresh=False) as data:
        (data / "link").symlink_to(outside)

    with data_folder(tmp_path / "data", fresh=True):
        assert (outside / "precious.txt").exists()


@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_with_other_things_is_refused_and_left_alone(
    tmp_path: Path, *, fresh: bool
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Problem, match="did not put there"), data_folder(tmp_path, fresh=fresh):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.touch()

    with pytest.raises(Problem, match="is a file"), data_folder(file, fresh=False):
        pass


def test_a_second_stack_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    first = hold_in_another_process(tmp_path / "data")
    try:
        with (
            pytest.raises(Problem, match=f"process {first.pid}.*--data"),
            data_folder(tmp_path / "data", fresh=True),
        ):
            pass
    finally:
        first.communicate()


def test_a_lock_left_by_a_killed_stack_is_no_lock(tmp_path: Path) -> None:
    first = hold_in_another_process(tmp_path / "data")
    first.kill()
    first.communicate()

    with data_folder(tmp_path / "data", fresh=False) as data:
        assert data.is_dir()
