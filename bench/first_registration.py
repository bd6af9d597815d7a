"""A fresh process up to its first registration accepted: the app's own part of a cold start.

Run by `bench.benchmarks.cold` as a process of its own; prints the answer's status and its memory.
"""

import json
import sys

import azure.functions as func

import function_app
from bench.people import FORM, new_address, sign_up
from functions import register
from shared import wiring


def main() -> None:
    """After all functions were indexed, as a host asks for them."""
    function_app.app.get_functions()
    request = func.HttpRequest(
        "POST",
        f"/api/forms/{FORM}/registrations",
        headers={"Content-Type": "application/json"},
        route_params={"form": FORM},
        body=sign_up(new_address()).encode(),
    )
    answer = register.answer(request, wiring.outside())
    print(json.dumps({"status": answer.status_code}), flush=True)
    sys.stdin.read()  # whoever measures looks at this process first


if __name__ == "__main__":
    main()
