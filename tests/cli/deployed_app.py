"""The real app on the project's own host, which asks for function keys as Azure does."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.dataverse_simulator import RunningDataverse
from local.storage_setup import set_up_storage
from tests.examples import ROOT
from tests.functions_host.running_host import eventually, start
from tests.lists.conftest import sample_settings
from tests.mailers.smtp_server import SmtpServer

KEY = "function-key-nobody-may-see"


@contextmanager
def deployed_app(azurite: str, folder: Path, **settings: str) -> Iterator[str]:
    """Its address. Storage, an SMTP server and Dataverse are there, LinkedIn is not."""
    set_up_storage(azurite)
    with RunningDataverse() as dataverse:
        yield from _started(azurite, folder, dataverse.url, settings)


def _started(
    azurite: str, folder: Path, dataverse: str, settings: Mapping[str, str]
) -> Iterator[str]:
    server = SmtpServer()
    environment = {
        **sample_settings(),
        "AzureWebJobsStorage": azurite,
        "SMTP_PORT": str(server.port),
        "DATAVERSE_URL": dataverse,
        "IDENTITY_ENDPOINT": f"{dataverse}/msi/token",
        "LINKEDIN_CLIENT_ID": "",
        "LINKEDIN_CLIENT_SECRET": "",
        "LINKEDIN_REFRESH_TOKEN": "",
        "LINKEDIN_OWNERS": "",
        **settings,
    }
    log = folder / "host.log"
    process = start(ROOT, log, ("--key", KEY), os.environ | environment)
    try:
        said = eventually(
            lambda: re.search(r"listening on (http://\S+)\n", log.read_text()),
            or_say=log.read_text,
            give_up=lambda: process.poll() is not None,
        )
        yield said[1]
    finally:
        process.kill()
        process.wait()
        server.close()
