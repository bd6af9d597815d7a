"""The parts of the stack: how each is started and how to see that it answers."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.stack.addresses import AZURITE_ACCOUNT, HOST, Addresses, url
from local.stack.layout import NODE_FOLDER, ROOT, SETTINGS
from local.stack.local_settings import website_origins
from local.stack.problem import Problem
from local.stack.readiness import ANY_STATUS, all_answer, answers_http, answers_smtp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NODE_MODULES = NODE_FOLDER / "node_modules"
# Azurite's default of 5 s closes connections under clients that keep them, as ours do.
KEEP_ALIVE_SECONDS = "120"
INVISIBLE_SECONDS = "DOI_LOCAL_INVISIBLE_SECONDS"
INSTALL_CORE_TOOLS = "https://learn.microsoft.com/azure/azure-functions/functions-run-local"


@dataclass(frozen=True, kw_only=True)
class Part:
    """`name` is also the name of its log; `answers` asks once and says whether it is ready."""

    name: str
    title: str
    command: tuple[str, ...]
    answers: Callable[[], bool]


def azurite(addresses: Addresses, node: str, data: Path) -> Part:
    keep_alive = [
        f"--{service}KeepAliveTimeout={KEEP_ALIVE_SECONDS}"
        for service in ("blob", "queue", "table")
    ]
    command = (
        *(node, str(NODE_MODULES / "azurite" / "dist" / "src" / "azurite.js")),
        *("--silent", "--disableTelemetry", "--skipApiVersionCheck"),
        *("--location", str(data / "azurite")),  # on disk: in memory, full queues freeze it
        *("--blobHost", HOST, "--blobPort", str(addresses.azurite_blobs)),
        *("--queueHost", HOST, "--queuePort", str(addresses.azurite_queues)),
        *("--tableHost", HOST, "--tablePort", str(addresses.azurite_tables)),
        *keep_alive,
    )
    ports = (addresses.azurite_blobs, addresses.azurite_queues, addresses.azurite_tables)
    account = f"/{AZURITE_ACCOUNT}?comp=list"  # unsigned, so refused: it answers all the same
    return Part(
        name="azurite",
        title="Azurite",
        command=command,
        answers=all_answer(*(answers_http(port, account, ANY_STATUS) for port in ports)),
    )


def mail_catcher(addresses: Addresses, node: str, data: Path) -> Part:
    command = (
        *(node, str(NODE_MODULES / "maildev" / "bin" / "maildev"), "--silent", "--ip", HOST),
        *("--smtp", str(addresses.smtp), "--web", str(addresses.mail)),
        *("--mail-directory", str(data / "mail")),
    )
    return Part(
        name="mail",
        title="the mail catcher",
        command=command,
        answers=all_answer(answers_http(addresses.mail, "/email"), answers_smtp(addresses.smtp)),
    )


def dataverse_simulator(addresses: Addresses, python: str, data: Path) -> Part:
    port = str(addresses.dataverse)
    module = ("-m", "local.dataverse_simulator")
    return Part(
        name="dataverse",
        title="the Dataverse simulator",
        command=(python, *module, "--port", port, "--data", str(data / "dataverse")),
        answers=answers_http(addresses.dataverse, "/"),
    )


def linkedin_simulator(addresses: Addresses, python: str, data: Path) -> Part:
    port = str(addresses.linkedin)
    webhook = f"{url(addresses.functions)}/api/linkedin/webhook"
    return Part(
        name="linkedin",
        title="the LinkedIn simulator",
        command=(
            *(python, "-m", "local.linkedin_simulator"),
            *("--port", port, "--data", str(data / "linkedin")),
            # LinkedIn itself takes https only; nothing here has a certificate.
            *("--webhook", webhook, "--allow-http-on-this-machine"),
        ),
        answers=answers_http(addresses.linkedin, "/"),
    )


def demo_website(addresses: Addresses, python: str) -> Part:
    port, functions = str(addresses.website), url(addresses.functions)
    return Part(
        name="website",
        title="the demo website",
        command=(python, "-m", "local.demo_website", "--port", port, "--functions", functions),
        answers=answers_http(addresses.website, "/"),
    )


def functions_host(addresses: Addresses, python: str, *, core_tools: str | None) -> Part:
    """Core Tools where their path is given, else the project's own host."""
    listen = ("--port", str(addresses.functions), "--cors", website_origins(addresses, SETTINGS))
    if core_tools:
        command: tuple[str, ...] = (core_tools, "start", *listen)
    else:
        command = (python, "-m", "local.functions_host", "--root", str(ROOT), *listen)
        if invisible_seconds := os.environ.get(INVISIBLE_SECONDS):
            command = (*command, "--invisible-seconds", invisible_seconds)
    return Part(
        name="functions",
        title="the functions host",
        command=command,
        answers=answers_http(addresses.functions, "/api/health"),
    )


def find_core_tools(choice: str | None, search_path: str | None = None) -> str | None:
    """`choice` is what --host said. None means the project's own host. Raises Problem."""
    if choice == "local":
        return None
    func = shutil.which("func", path=search_path)
    if func is None and choice == "func":
        raise Problem(
            "--host func needs Azure Functions Core Tools, but there is no `func` on the PATH: "
            f"install them ({INSTALL_CORE_TOOLS}) or use --host local."
        )
    return func
