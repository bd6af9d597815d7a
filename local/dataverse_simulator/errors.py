"""How Dataverse refuses: an HTTP status, a hexadecimal code and a sentence.

Codes and sentences are those of
https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes and
https://learn.microsoft.com/troubleshoot/power-platform/dataverse/dataverse-web-api-and-sdk/web-api-client-errors
unless a function says that no source was found.
"""

from collections.abc import Mapping

HELP = (
    "For more information on this error please follow this help link "
    "https://go.microsoft.com/fwlink/?linkid=2195293"
)


class DataverseError(Exception):
    """An operation was refused; `body` is the JSON that Dataverse answers with."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, dict[str, str]]:
        return {"error": {"code": self.code, "message": self.message}}


def bad_query(message: str) -> DataverseError:
    return DataverseError(400, "0x80060888", message)


def unknown_property(name: str, type_name: str) -> DataverseError:
    """In `$select`, `$filter`, `$orderby` or a path; Web API client errors, second section."""
    return DataverseError(
        400,
        "0x0",
        f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{type_name}'.",
    )


def bad_payload(entity_set: str, reason: str) -> DataverseError:
    """`reason` is what Dataverse quotes after `InnerException :`."""
    return DataverseError(
        400,
        "0x80048d19",
        f"Error identified in Payload provided by the user for Entity :'{entity_set}', {HELP}"
        f"  ---->  InnerException : {reason}",
    )


def secured_column() -> DataverseError:
    """AttributePrivilegeCreateIsMissing."""
    return DataverseError(
        403,
        "0x8004f502",
        "The user does not have create permissions to a secured field. The requested operation "
        "could not be completed.",
    )


def no_such_segment(segment: str) -> DataverseError:
    return DataverseError(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def no_such_row(logical_name: str, row_id: str) -> DataverseError:
    return DataverseError(
        404, "0x80040217", f"Entity '{logical_name}' With Id = {row_id} Does Not Exist"
    )


def no_row_with_key(logical_name: str) -> DataverseError:
    return DataverseError(
        404,
        "0x80060891",
        f"A record with the specified key values does not exist in {logical_name} entity",
    )


def duplicate_row() -> DataverseError:
    """Same primary id on POST, or `If-None-Match: *` on a row that exists."""
    return DataverseError(412, "0x80040237", "A record with matching key values already exists.")


def duplicate_key(columns: str, key_name: str) -> DataverseError:
    return DataverseError(
        412,
        "0x80060892",
        f"A record that has the attribute values {columns} already exists. The entity key "
        f"{key_name} requires that this set of attributes contains unique values. Select unique "
        "values and try again.",
    )


def stale_version() -> DataverseError:
    return DataverseError(
        412,
        "0x80060882",
        "The version of the existing record doesn't match the RowVersion property provided.",
    )


def method_not_allowed(method: str) -> DataverseError:
    """For example PATCH on a whole table; "Identify status codes" in compose-http-requests."""
    return DataverseError(
        405, "0x80060888", f"The requested resource does not support http method '{method}'."
    )


def not_simulated(what: str) -> DataverseError:
    """Real Dataverse could do it; the simulator says so instead of pretending."""
    return DataverseError(501, "0x80060888", f"The simulator does not implement {what}.")
