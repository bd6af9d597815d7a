"""Storage rights, by writing: every queue with its poison queue, every table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from shared.doctor import azure_steps
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.ports import OutsideOfDoctor
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok, unknown, warning
from shared.values.queue_name import QueueName

TABLES: Final = ("registrations", "originkeys", "mailframes", "limits", "leads", "funnel")
SECONDS = 20.0  # for each


@dataclass(frozen=True, kw_only=True)
class _Service:
    kind: str
    names: tuple[str, ...]
    role: azure_steps.Role
    setting: str
    attempt: Callable[[str, OutsideOfDoctor], Check]


def check_storage(outside: OutsideOfDoctor) -> Iterator[Check]:
    """A service that does not answer is asked once: its other queues or tables would not either."""
    for service in (_QUEUES, _TABLES):
        for name in service.names:
            label = f"{service.kind} {name}"
            try:
                yield service.attempt(name, outside)
            except Refused as refused:
                yield missing(label, str(refused), _mend(refused.why, service, name, outside))
            except TemporaryFailure as failure:
                yield unknown(label, str(failure), _mend_silence(failure, service, outside))
                break


def _try_queue(name: str, outside: OutsideOfDoctor) -> Check:
    count = outside.storage_trial.try_queue(name, Deadline(SECONDS))
    queue = name.removesuffix("-poison")
    if count and queue != name:
        return warning(
            f"queue {name}",
            f"writable; {_messages(count)} for somebody to look after",
            f"doi poison list --queue {queue}",
        )
    return ok(f"queue {name}", f"writable; {_messages(count)}")


def _try_table(name: str, outside: OutsideOfDoctor) -> Check:
    outside.storage_trial.try_table(name, Deadline(SECONDS))
    return ok(f"table {name}", "writable")


def _messages(count: int) -> str:
    return "1 message waits" if count == 1 else f"{count or 'no'} messages wait"


def _mend(why: Why, service: _Service, name: str, outside: OutsideOfDoctor) -> str:
    account = outside.storage_trial.account
    match why:
        case Why.ROLE:
            scope = azure_steps.storage_scope(account)
            return azure_steps.give(service.role, scope, outside.azure_names)
        case Why.NOT_THERE:
            return (
                f"deploy infra/ once more, or: az storage {service.kind} create --name {name}"
                f" --account-name {account} --auth-mode login"
            )
        case Why.NETWORK:
            return (
                f"let the app's network in: az storage account show --name {account} --query"
                " networkRuleSet; with private endpoints deploy with vnetEnabled=true"
            )
        case Why.NO_KEYS:
            return (
                f"the account takes no keys: remove AzureWebJobsStorage and set {service.setting}"
                f" to https://{account}.{service.kind}.core.windows.net"
            )
        case _:
            return (
                f"check {service.setting} (or, locally, the connection string"
                " AzureWebJobsStorage), and that the identity belongs to the account's tenant"
            )


def _mend_silence(failure: TemporaryFailure, service: _Service, outside: OutsideOfDoctor) -> str:
    if isinstance(failure, NoToken):
        return azure_steps.sign_in(outside.azure_names)
    return (
        f"check {service.setting} (or, locally, AzureWebJobsStorage), and that this network"
        f" reaches it; the other {service.kind}s were not tried"
    )


_QUEUES = _Service(
    kind="queue",
    names=tuple(name for queue in QueueName for name in (queue.value, queue.poison)),
    role=azure_steps.QUEUES,
    setting="AzureWebJobsStorage__queueServiceUri",
    attempt=_try_queue,
)
_TABLES = _Service(
    kind="table",
    names=TABLES,
    role=azure_steps.TABLES,
    setting="AzureWebJobsStorage__tableServiceUri",
    attempt=_try_table,
)
