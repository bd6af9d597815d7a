"""The Chromium of this machine."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = (
    "no Chromium found; install one so that it is on the PATH, "
    "on Debian and Ubuntu with `apt-get install chromium`"
)
FLAGS = (
    "--no-sandbox",  # its sandbox needs rights that root in a container does not have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing may be looked up on the internet behind our backs.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of the first program that there is."""
    return next(filter(None, map(shutil.which, NAMES)), None)
