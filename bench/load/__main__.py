"""Reads one order a line (JSON), carries it out, answers with one line."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from bench.load.bare_clicks import bare_clicks
from bench.load.bare_mails import bare_mails
from bench.load.http_calls import http_calls
from bench.load.queue_puts import queue_puts, queue_puts_async

KINDS: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "http": lambda order: asyncio.run(http_calls(order)),
    "bare mails": bare_mails,
    "bare clicks": bare_clicks,
    "puts": queue_puts,
    "puts, async": lambda order: asyncio.run(queue_puts_async(order)),
}


def main() -> None:
    """Until the input ends. A wrong answer ends the process with its traceback."""
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        cpu = time.process_time()
        done = KINDS[order["kind"]](order)
        done.setdefault("cpuSeconds", time.process_time() - cpu)
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
