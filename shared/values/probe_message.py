"""The message by which the doctor tries a queue: every function lets it pass in silence.

It is hidden and taken back at once, so nobody sees it. Should taking it back fail, it expires
about when it becomes visible; whoever gets it in between finds that there is nothing to do.
"""

from typing import Final

PROBE: Final = b'{"version": 1, "probe": "doi doctor"}'


def is_probe(body: bytes) -> bool:
    """Whether it is the doctor's. `body` is decoded."""
    return body == PROBE
