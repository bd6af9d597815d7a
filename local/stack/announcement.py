"""What `up` prints when everything answers: a table for people, one READY line for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.stack.addresses import HOST, Addresses, url

if TYPE_CHECKING:
    from pathlib import Path


def address_table(addresses: Addresses, *, host: str, data: Path) -> str:
    azurite = f"{HOST}:{addresses.azurite_blobs}, {addresses.azurite_queues}, "
    azurite += f"{addresses.azurite_tables}"
    rows = (
        ("Demo website", url(addresses.website), "sign up here"),
        ("Mail catcher", url(addresses.mail), "read the mails, open the links"),
        ("Dataverse simulator", url(addresses.dataverse), "see contacts, consents and triggers"),
        ("Desk", f"{url(addresses.functions)}/api/desk?refresh=5", "watch what happens meanwhile"),
        ("LinkedIn simulator", url(addresses.linkedin), "fill in a lead form"),
        ("Functions", f"{url(addresses.functions)}/api", f"the app itself, run by {host}"),
        ("SMTP", f"{HOST}:{addresses.smtp}", "whatever is sent here ends in the mail catcher"),
        ("Azurite", azurite, "blobs, queues, tables"),
        ("Data and logs", str(data), "kept until the next --fresh"),
    )
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = (f"  {name:{first}}  {address:{second}}  {use}" for name, address, use in rows)
    return "\n".join(["The stack is running:", "", *lines, "", "Ctrl-C ends it."])


def ready_line(addresses: Addresses) -> str:
    ready = {
        "website": url(addresses.website),
        "functions": url(addresses.functions),
        "azurite": addresses.storage,
        "smtp": f"{HOST}:{addresses.smtp}",
        "mail": url(addresses.mail),
        "dataverse": url(addresses.dataverse),
        "linkedin": url(addresses.linkedin),
    }
    return f"READY {json.dumps(ready)}"
