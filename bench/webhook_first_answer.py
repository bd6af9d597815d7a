"""A fresh process up to the first challenge answered: the app's own part of a cold start.

Run by `bench.webhook_cold` as a process of its own, with the challenge's code as its argument.
"""

import sys

import azure.functions as func

import function_app
from functions import linkedin_webhook
from shared import wiring


def main(code: str) -> None:
    """Print the answer's body, after all functions were indexed as a host asks for them."""
    function_app.app.get_functions()
    request = func.HttpRequest(
        "GET", "/api/linkedin/webhook", params={"challengeCode": code}, body=b""
    )
    answer = linkedin_webhook.prove(request, wiring.outside())
    print(answer.get_body().decode(), flush=True)
    sys.stdin.read()  # whoever measures looks at this process first


if __name__ == "__main__":
    main(sys.argv[1])
