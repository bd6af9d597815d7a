"""Faults of the LinkedIn simulator: what `status` and `code` answer with.

`code` of a 401 is a service error code (65600, 65601, 65602, 65604), or `role` for a missing role.
"""

from typing import ClassVar

from pydantic import Field

from local.linkedin_simulator.errors import LinkedInError, throttled, token_refused
from local.simulator.faults import RequestFault

REST_PATH = "/rest/"
USUAL = {
    403: ("ACCESS_DENIED", "Not enough permissions to access this resource"),
    404: ("NOT_FOUND", "Could not find entity"),
    409: ("CONFLICT", "The Lead Form has duplicate label."),
    426: ("NONEXISTENT_VERSION", "Requested version is not active"),
    500: ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
    503: ("SERVICE_UNAVAILABLE", "Service Unavailable"),
    504: ("GATEWAY_TIMEOUT", "Gateway Timeout"),
}
NO_LEAD_ACCESS = "The member does not have lead access permission."


class Fault(RequestFault):
    service_path: ClassVar[str] = REST_PATH

    code: str = Field(default="", pattern=r"^(6560[0124]|role)?$")

    def error(self) -> LinkedInError | None:
        """What to refuse with, or None where the work is done all the same."""
        match self.status, self.code:
            case None, _:
                return None
            case 401, "role":
                return LinkedInError(401, "UNAUTHORIZED", NO_LEAD_ACCESS)
            case 401, code:
                return token_refused(int(code or 65600))
            case 429, _:
                error = throttled()
                error.headers |= self.headers
                return error
            case status, _:
                code, message = USUAL.get(status, ("ERROR", "An error occurred"))
                return LinkedInError(status, code, message, headers=self.headers)
