"""Prints what the app registers, as JSON; loaded as the worker does it, the app's folder last.

`python -P registered_functions.py direct` asks the app itself; `… runtime` asks Microsoft's worker
library (Python 3.13 and later). With -P the folder of this script is not searched.
"""

import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(way: str) -> None:
    """One JSON object: bindings by function name, and where the app's packages came from."""
    sys.path.append(str(ROOT))
    if way == "runtime":
        from local.functions_host.runtime_invoker import (  # noqa: PLC0415 - Python 3.13 only
            RuntimeInvoker,
        )

        functions = {
            function.name: [
                dict(binding.properties) for binding in (function.trigger, *function.outputs)
            ]
            for function in RuntimeInvoker(ROOT).functions
        }
    else:
        app = importlib.import_module("function_app").app
        functions = {
            function.get_function_name(): [json.loads(raw) for raw in function.get_raw_bindings()]
            for function in app.get_functions()
        }
    packages = {name: importlib.import_module(name).__file__ for name in ("functions", "shared")}
    json.dump({"functions": functions, "packages": packages}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
