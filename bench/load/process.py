"""The load process, as the benchmarks see it."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from local.stack.layout import ROOT


class LoadProcess:
    """A context manager. One order at a time."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def do(self, **order: Any) -> dict[str, Any]:
        """`cpuSeconds`, and what the kind of order says. Raises RuntimeError on failure."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the load process has no pipes")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load process failed: see its output above")
        done: dict[str, Any] = json.loads(line)
        return done
