"""Settings as bindings refer to them: `%NAME%` and names of connections."""

import re
from collections.abc import Mapping

from local.functions_host.load_failure import LoadFailure

DEFAULT_CONNECTION = "AzureWebJobsStorage"


def resolved(text: str, environment: Mapping[str, str]) -> str:
    """The text with every `%NAME%` replaced by that setting; raises LoadFailure without it.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns
    """

    def setting(match: re.Match[str]) -> str:
        value = environment.get(match[1])
        if value is None:
            raise LoadFailure(f"{text!r} refers to the setting {match[1]}, which is not set")
        return value

    return re.sub(r"%([^%]+)%", setting, text)


def connection_string(name: str, environment: Mapping[str, str]) -> str:
    """The connection string that a binding calls `name` ("" is the app's own storage).

    The host looks for the name with the prefix `AzureWebJobs` first, then as it stands. Raises
    LoadFailure when neither is set: identity-based connections need Azure.
    """
    wanted = name or DEFAULT_CONNECTION
    for setting in (f"AzureWebJobs{wanted}", wanted):
        if value := environment.get(setting):
            return value
    raise LoadFailure(
        f"the setting {wanted} is not set; it should be a storage connection string, "
        "for Azurite for instance UseDevelopmentStorage=true"
    )
