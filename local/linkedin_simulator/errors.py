"""How LinkedIn refuses: status, code, a sentence, and for 401 and 429 a service error code.

Bodies: https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling; sentences of
Lead Sync: the table of errors at the end of its documentation. A function says where it has no
source.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class LinkedInError(Exception):
    """A call was refused; `body` is the JSON that LinkedIn answers with."""

    def __init__(  # noqa: PLR0913 - the parts of LinkedIn's answer
        self,
        status: int,
        code: str,
        message: str,
        *,
        service_code: int | None = None,
        inputs: Sequence[tuple[str, str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`inputs` are the code, field path and description of what is wrong with each."""
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: dict[str, Any] = {"status": status, "code": code, "message": message}
        self.headers = dict(headers or {})
        if service_code is not None:
            self.body["serviceErrorCode"] = service_code
        if inputs:
            self.body["errorDetailType"] = "com.linkedin.common.error.BadRequest"
            self.body["errorDetails"] = {
                "inputErrors": [
                    {
                        "code": input_code,
                        "description": description,
                        "input": {"inputPath": {"fieldPath": path}},
                    }
                    for input_code, path, description in inputs
                ]
            }


def invalid_param(name: str, reason: str) -> LinkedInError:
    """https://github.com/linkedin-developers/linkedin-api-python-client/issues/39."""
    wrong = "Invalid value for param; wrong type or other syntax error"
    return LinkedInError(
        400,
        "ILLEGAL_ARGUMENT",
        "Invalid param. Please see errorDetails for more information.",
        inputs=[("PARAM_INVALID", name, f"{wrong}: {reason}")],
    )


def unexpected_param(name: str) -> LinkedInError:
    return LinkedInError(
        400,
        "QUERY_PARAM_NOT_ALLOWED",
        "Invalid query parameters passed to request",
        inputs=[("QUERY_PARAM_NOT_ALLOWED", name, "Query parameter is not allowed")],
    )


def bad_request(message: str, *inputs: tuple[str, str]) -> LinkedInError:
    """`inputs` are field paths and what is wrong with them."""
    listed = [("FIELD_VALUE_INVALID", path, description) for path, description in inputs]
    return LinkedInError(400, "BAD_REQUEST", message, inputs=listed)


def wrong_form(*inputs: tuple[str, str]) -> LinkedInError:
    return bad_request("Failed to generate Lead Form identifier.", *inputs)


def duplicate(field: str) -> LinkedInError:
    return LinkedInError(409, "CONFLICT", f"The Lead Form has duplicate {field}.")


def not_found(what: str) -> LinkedInError:
    """The sentence has no source; messages are documented as not stable."""
    return LinkedInError(404, "NOT_FOUND", f"Could not find entity: {what}")


def missing_scope(operation: str) -> LinkedInError:
    """`operation` as LinkedIn names it: `leadFormResponses.FINDER-owner.20260701`."""
    return LinkedInError(
        403,
        "ACCESS_DENIED",
        f"Not enough permissions to access: {operation}",
        service_code=100,
    )


def missing_role(status: int, message: str) -> LinkedInError:
    return LinkedInError(status, "UNAUTHORIZED" if status == 401 else "ACCESS_DENIED", message)  # noqa: PLR2004 - an HTTP status


def throttled() -> LinkedInError:
    """Neither `Retry-After` nor rate headers: limits end at midnight UTC."""
    return LinkedInError(
        429,
        "TOO_MANY_REQUESTS",
        "Resource level throttle limit for calls to this resource is reached.",
        service_code=101,
    )


TOKEN_REFUSALS = {
    65600: ("INVALID_ACCESS_TOKEN", "Invalid access token"),
    65601: ("REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user"),
    65602: ("EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"),
    65604: ("EMPTY_ACCESS_TOKEN", "Empty oauth2 access token"),
}


def token_refused(service_code: int) -> LinkedInError:
    code, message = TOKEN_REFUSALS[service_code]
    return LinkedInError(401, code, message, service_code=service_code)
