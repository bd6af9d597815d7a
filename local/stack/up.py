"""`dev.py up`: the whole stack, from nothing to READY, until somebody ends it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from local.stack.addresses import Addresses, addresses_from
from local.stack.announcement import address_table, ready_line
from local.stack.console import say
from local.stack.data_folder import data_folder
from local.stack.layout import ROOT, SETTINGS, SETTINGS_SAMPLE
from local.stack.local_settings import make_local_settings, part_environment
from local.stack.parts import (
    azurite,
    dataverse_simulator,
    demo_website,
    find_core_tools,
    functions_host,
    linkedin_simulator,
    mail_catcher,
)
from local.stack.port_check import require_free_ports
from local.stack.prerequisites import find_node
from local.stack.python_environment import LOCAL_PACKAGES, running_environment
from local.stack.run_command import run_command
from local.stack.run_stack import StackParts, WhatElseToDo, run_stack
from local.stack.running_parts import RunningParts
from local.stack.set_up import set_up

if TYPE_CHECKING:
    from pathlib import Path

    from local.stack.stop_request import StopRequest


@dataclass(frozen=True, kw_only=True)
class UpOptions:
    port_base: int | None
    data: Path
    host: str | None  # "func", "local", or None to choose
    fresh: bool
    verbose: bool
    this_python: bool


def up(options: UpOptions, stop: StopRequest) -> None:
    """Returns when a running stack was asked to stop. Raises Problem, and Stopped when asked
    before.
    """
    addresses = addresses_from(options.port_base)
    node = find_node()
    core_tools = find_core_tools(options.host)
    with data_folder(options.data.resolve(), fresh=options.fresh) as data:
        require_free_ports(_wanted_ports(addresses))
        packages = None if options.this_python else LOCAL_PACKAGES
        environment = set_up(packages=packages, node=node, stop=stop)
        if options.this_python:
            environment = running_environment()
        if make_local_settings(SETTINGS, SETTINGS_SAMPLE):
            say(f"Made {SETTINGS.name} from {SETTINGS_SAMPLE.name}.")

        say("Starting the stack …")
        python = str(environment.python)
        variables = part_environment(addresses, environment, os.environ)
        functions = functions_host(addresses, python, core_tools=core_tools)
        parts = StackParts(
            storage=azurite(addresses, node.node, data),
            services=(
                mail_catcher(addresses, node.node, data),
                dataverse_simulator(addresses, python, data),
                linkedin_simulator(addresses, python, data),
            ),
            apps=(demo_website(addresses, python), functions),
        )
        what_else = WhatElseToDo(
            # In Azure the deployment makes queues and table, before the app runs.
            set_up_storage=partial(
                run_command,
                (python, "-m", "local.storage_setup"),
                folder=ROOT,
                environment=variables,
                stop=stop,
            ),
            announce=partial(_announce, addresses, core_tools, data),
            follow=functions if options.verbose else None,
        )
        running = RunningParts(folder=ROOT, environment=variables, logs=data / "logs", stop=stop)
        run_stack(parts, what_else, running=running, stop=stop)


def _announce(addresses: Addresses, core_tools: str | None, data: Path) -> None:
    host = "Functions Core Tools" if core_tools else "the project's own host"
    say(address_table(addresses, host=host, data=data))
    say(ready_line(addresses))


def _wanted_ports(addresses: Addresses) -> dict[int, str]:
    return {
        addresses.website: "the demo website",
        addresses.functions: "the functions host",
        addresses.azurite_blobs: "Azurite (blobs)",
        addresses.azurite_queues: "Azurite (queues)",
        addresses.azurite_tables: "Azurite (tables)",
        addresses.smtp: "the mail catcher (SMTP)",
        addresses.mail: "the mail catcher (web)",
        addresses.dataverse: "the Dataverse simulator",
        addresses.linkedin: "the LinkedIn simulator",
    }
