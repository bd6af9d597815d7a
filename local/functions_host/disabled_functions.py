"""Functions that a setting switches off.

https://learn.microsoft.com/azure/azure-functions/disable-function
"""

from collections.abc import Iterable, Mapping

from local.functions_host.function import Function

_TRUE = frozenset({"true", "1"})


def enabled(functions: Iterable[Function], environment: Mapping[str, str]) -> list[Function]:
    """Without those whose `AzureWebJobs.NAME.Disabled` is true: nothing triggers them."""
    return [each for each in functions if not _is_disabled(each.name, environment)]


def _is_disabled(name: str, environment: Mapping[str, str]) -> bool:
    return environment.get(f"AzureWebJobs.{name}.Disabled", "").lower() in _TRUE
