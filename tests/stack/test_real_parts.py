"""Azurite and maildev as the stack starts them: they answer, are set up, and keep what they got."""

from __future__ import annotations

import json
import os
import smtplib
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from local.stack.addresses import Addresses, addresses_from
from local.stack.free_ports import free_ports
from local.stack.parts import azurite, mail_catcher
from local.stack.prerequisites import find_node
from local.stack.running_parts import RunningParts
from local.stack.stop_request import StopRequest
from local.storage_setup import set_up_storage

START_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]


def parts_in(folder: Path) -> tuple[Addresses, RunningParts]:
    for name in ("azurite", "mail", "logs"):
        (folder / name).mkdir(exist_ok=True)
    running = RunningParts(
        folder=ROOT, environment=os.environ, logs=folder / "logs", stop=StopRequest()
    )
    return addresses_from(free_ports()[0]), running


def test_azurite_keeps_what_was_set_up_and_stored(tmp_path: Path) -> None:
    addresses, running = parts_in(tmp_path)
    part = azurite(addresses, find_node().node, tmp_path)

    with running:
        running.start(part)
        running.wait_until_ready(part, seconds=START_SECONDS)
        set_up_storage(addresses.storage)
        with QueueServiceClient.from_connection_string(addresses.storage) as queues:
            names = {queue.name for queue in queues.list_queues()}
            queues.get_queue_client("registrations").send_message("hello")
    with running:
        running.start(part)
        running.wait_until_ready(part, seconds=START_SECONDS)
        set_up_storage(addresses.storage)
        with (
            QueueServiceClient.from_connection_string(addresses.storage) as queues,
            queues.get_queue_client("registrations") as registrations,
        ):
            messages = [message.content for message in registrations.peek_messages()]
        with TableServiceClient.from_connection_string(addresses.storage) as tables:
            table_names = [table.name for table in tables.list_tables()]

    wanted = ("registrations", "promotions", "follow-ups", "linkedin-leads", "mail-reports")
    assert names == {*wanted, *(f"{name}-poison" for name in wanted)}
    assert messages == ["hello"]
    assert sorted(table_names) == [
        "funnel",
        "leads",
        "limits",
        "mailframes",
        "originkeys",
        "registrations",
    ]


def test_the_mail_catcher_keeps_mails_over_a_restart(tmp_path: Path) -> None:
    addresses, running = parts_in(tmp_path)
    part = mail_catcher(addresses, find_node().node, tmp_path)

    with running:
        running.start(part)
        running.wait_until_ready(part, seconds=START_SECONDS)
        with smtplib.SMTP("127.0.0.1", addresses.smtp, timeout=10) as smtp:
            smtp.send_message(mail_to("ada@example.com"))
        assert subjects(addresses.mail) == ["Grüße"]
    with running:
        running.start(part)
        running.wait_until_ready(part, seconds=START_SECONDS)
        assert subjects(addresses.mail) == ["Grüße"]


def mail_to(address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "news@example.com", address, "Grüße"
    mail.set_content("Hello")
    return mail


def subjects(port: int) -> list[str]:
    """What the catcher shows; it reads its folder and parses mails a moment after it answers."""
    deadline = time.monotonic() + 10
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/email", timeout=5) as answer:
            mails = json.load(answer)
        if mails or time.monotonic() > deadline:
            return [mail["subject"] for mail in mails]
        time.sleep(0.05)
