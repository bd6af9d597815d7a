"""The stack of the run: Azurite on disk, functions host, Dataverse simulator, mail server.

All on free ports and in the run's own folder: other stacks on this machine go on unharmed.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from local.chaos.forms import make_forms
from local.chaos.mail_server import MailServer
from local.chaos.part_process import PartProcess
from local.chaos.settings import INVISIBLE_SECONDS, chaos_environment
from local.stack.addresses import addresses_from, url
from local.stack.free_ports import free_ports
from local.stack.layout import SETTINGS_SAMPLE
from local.stack.parts import azurite, dataverse_simulator, functions_host
from local.stack.prerequisites import find_node
from local.stack.python_environment import running_environment
from local.storage_setup import set_up_storage

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from local.stack.parts import Part
    from local.stack.stop_request import StopRequest

FORMS = "forms"
FOLDERS = ("azurite", "dataverse", "logs")


class ChaosStack:
    """A context manager: entering starts all parts, leaving ends them whatever happened."""

    def __init__(self, data: Path, stop: StopRequest) -> None:
        """`data` is an empty folder."""
        self.addresses = addresses_from(free_ports()[0])
        self.functions_url = url(self.addresses.functions)
        self.dataverse_url = url(self.addresses.dataverse)
        self.mail_server = MailServer(self.addresses.smtp)
        forms = {"DOI_FORMS_FOLDER": str(data / FORMS)}
        self._environment = chaos_environment(self.addresses, os.environ) | forms
        self._data = data
        self._stop = stop
        self._ending = ExitStack()
        python = str(running_environment().python)
        node = find_node().node
        self.azurite = self._process(azurite(self.addresses, node, data))
        self.dataverse = self._process(dataverse_simulator(self.addresses, python, data))
        self.functions = self._process(
            _quick(functions_host(self.addresses, python, core_tools=None))
        )

    def __enter__(self) -> Self:
        """Raises Problem and Stopped, after having ended what was started."""
        try:
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def _start(self) -> None:
        for name in FOLDERS:
            (self._data / name).mkdir(exist_ok=True)
        make_forms(self._data / FORMS)
        self._ending.callback(self.mail_server.close)
        for process in (self.azurite, self.dataverse, self.functions):
            self._ending.callback(process.close)
        self.azurite.start()
        self.dataverse.start()
        self.azurite.wait_until_it_answers(self._stop)
        set_up_storage(self.addresses.storage)
        self.functions.start()
        self.dataverse.wait_until_it_answers(self._stop)
        self.functions.wait_until_it_answers(self._stop)

    def _process(self, part: Part) -> PartProcess:
        return PartProcess(part, environment=self._environment, logs=self._data / "logs")


def _quick(host: Part) -> Part:
    """What was fetched by a killed host comes back soon. The sample settings are complete."""
    hidden = ("--invisible-seconds", str(INVISIBLE_SECONDS), "--settings", str(SETTINGS_SAMPLE))
    return replace(host, command=(*host.command, *hidden))
