from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from local.stack.addresses import addresses_from
from local.stack.layout import SETTINGS
from local.stack.local_settings import make_local_settings, part_environment, website_origins
from local.stack.parts import find_core_tools, functions_host
from local.stack.problem import Problem
from local.stack.python_environment import PythonEnvironment

ADDRESSES = addresses_from(9100)
PYTHON = PythonEnvironment(folder=Path("/somewhere/.venv"))


def test_the_sample_is_copied_once_and_then_left_alone(tmp_path: Path) -> None:
    settings, sample = tmp_path / "local.settings.json", tmp_path / "local.settings.sample.json"
    sample.write_text("{}")

    assert make_local_settings(settings, sample) is True
    settings.write_text('{"mine": true}')
    assert make_local_settings(settings, sample) is False

    assert settings.read_text() == '{"mine": true}'
    assert sorted(tmp_path.iterdir()) == [settings, sample]


def test_a_missing_sample_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"local\.settings\.sample\.json"):
        make_local_settings(
            tmp_path / "local.settings.json", tmp_path / "local.settings.sample.json"
        )


def test_settings_that_depend_on_ports_win_over_what_is_inherited() -> None:
    environment = part_environment(ADDRESSES, PYTHON, {"SMTP_PORT": "25", "LANG": "C.UTF-8"})

    assert environment["LANG"] == "C.UTF-8"
    assert environment["AzureWebJobsStorage"] == ADDRESSES.storage
    assert environment["DOI_PUBLIC_URL"] == "http://127.0.0.1:9101"
    assert environment["FORM_WEBSITE_URL"] == "http://127.0.0.1:9100"
    assert environment["DATAVERSE_URL"] == "http://127.0.0.1:9107"
    assert environment["IDENTITY_ENDPOINT"] == "http://127.0.0.1:9107/msi/token"
    assert environment["IDENTITY_HEADER"] == "local"
    assert environment["DOI_MAIL_PROVIDER"] == "smtp"
    assert environment["SMTP_HOST"] == "127.0.0.1"
    assert environment["SMTP_PORT"] == "9105"
    assert environment["SMTP_TLS"] == "none"


def test_the_environments_python_is_the_first_on_the_path() -> None:
    environment = part_environment(ADDRESSES, PYTHON, {"PATH": "/usr/bin"})

    assert environment["PATH"].split(os.pathsep) == [str(PYTHON.scripts), "/usr/bin"]
    assert environment["VIRTUAL_ENV"] == str(PYTHON.folder)


def test_a_proxy_of_the_machine_is_not_asked_for_the_stack() -> None:
    environment = part_environment(ADDRESSES, PYTHON, {"NO_PROXY": "intranet.example"})

    assert environment["NO_PROXY"] == "intranet.example,127.0.0.1,localhost"
    assert environment["no_proxy"] == "127.0.0.1,localhost"


def test_the_website_may_call_the_functions_by_both_its_names(tmp_path: Path) -> None:
    origins = website_origins(ADDRESSES, tmp_path / "missing.json")
    assert origins == "http://127.0.0.1:9100,http://localhost:9100"


def test_origins_of_the_developer_are_admitted_too(tmp_path: Path) -> None:
    settings = tmp_path / "local.settings.json"
    cors = "http://localhost:3000, http://localhost:9100"
    settings.write_text(json.dumps({"Host": {"CORS": cors}}))
    origins = website_origins(ADDRESSES, settings)
    assert origins == "http://127.0.0.1:9100,http://localhost:9100,http://localhost:3000"


def test_core_tools_are_taken_where_they_are_unless_told_otherwise(tmp_path: Path) -> None:
    func = tmp_path / "func"
    func.write_text("#!/bin/sh\n")
    func.chmod(0o755)

    assert find_core_tools(None, str(tmp_path)) == str(func)
    assert find_core_tools("func", str(tmp_path)) == str(func)
    assert find_core_tools("local", str(tmp_path)) is None


def test_missing_core_tools_are_a_problem_only_where_they_are_insisted_on(tmp_path: Path) -> None:
    assert find_core_tools(None, str(tmp_path)) is None
    with pytest.raises(Problem, match="no `func` on the PATH"):
        find_core_tools("func", str(tmp_path))


def test_both_hosts_listen_on_the_port_and_admit_the_website() -> None:
    own = functions_host(ADDRESSES, "/python", core_tools=None).command
    func = functions_host(ADDRESSES, "/python", core_tools="/bin/func").command

    assert own[:3] == ("/python", "-m", "local.functions_host")
    assert func[:2] == ("/bin/func", "start")
    for command in (own, func):
        assert command[command.index("--port") + 1] == "9101"
        assert command[command.index("--cors") + 1] == website_origins(ADDRESSES, SETTINGS)


def test_a_shorter_invisibility_is_handed_to_the_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOI_LOCAL_INVISIBLE_SECONDS", raising=False)
    assert "--invisible-seconds" not in functions_host(ADDRESSES, "/p", core_tools=None).command

    monkeypatch.setenv("DOI_LOCAL_INVISIBLE_SECONDS", "5")
    command = functions_host(ADDRESSES, "/p", core_tools=None).command
    assert command[-2:] == ("--invisible-seconds", "5")
