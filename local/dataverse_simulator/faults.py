"""Faults on request: the answers that a healthy simulator would not give.

Service protection errors and their codes:
https://learn.microsoft.com/power-apps/developer/data-platform/api-limits.
"""

from typing import ClassVar

from pydantic import Field

from local.dataverse_simulator.errors import DataverseError
from local.dataverse_simulator.exchange import SERVICE_PATH
from local.simulator.faults import RequestFault

TOO_MANY_REQUESTS = {
    "0x80072322": "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    "0x80072321": "Combined execution time of incoming requests exceeded limit of 1200000 "
    "milliseconds over time window of 300 seconds. Decrease number of concurrent requests or "
    "reduce the duration of requests and try again later.",
    "0x80072326": "Number of concurrent requests exceeded the limit of 52.",
}
USUAL: dict[int, tuple[str, str]] = {
    401: ("0x80072560", "The user is not a member of the organization."),
    403: ("0x80040220", "Principal user is missing a privilege."),
    404: ("0x80040217", "The entity with the specified id does not exist."),
    412: ("0x80060882", "The version of the existing record doesn't match the RowVersion."),
    429: ("0x80072322", ""),
    503: ("0x80060888", "The service is unavailable."),
}


class Fault(RequestFault):
    service_path: ClassVar[str] = SERVICE_PATH

    code: str = Field(default="", pattern=r"^(0x[0-9a-fA-F]{8})?$")

    def error(self) -> DataverseError | None:
        """What to refuse with, or None where the work is done all the same."""
        if self.status is None:
            return None
        code, message = USUAL.get(self.status, ("0x80040216", "An unexpected error occurred."))
        code = self.code or code
        message = TOO_MANY_REQUESTS.get(code, message)
        return DataverseError(self.status, code, message, headers=self.headers)
