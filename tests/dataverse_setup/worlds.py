"""Two environments with the same handles: the fake, and the real adapters on the simulator."""

from dataclasses import replace
from typing import Any, Protocol

import requests

from local.dataverse_simulator.seed import ADMINISTRATOR
from shared.adapters.dataverse_administration import EnvironmentAdministration
from shared.adapters.dataverse_inspection import EnvironmentInspection
from shared.dataverse.ports import DataverseAdministration, DataverseInspection
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.definitions import KeyStatus
from tests.dataverse.worlds import IssuedTokens
from tests.dataverse_simulator.client import Api
from tests.fakes.dataverse import FakeDataverse

ROLE = "Headless double opt-in"


def time() -> Deadline:
    return Deadline(30)


class World(Protocol):
    """An environment that tests can disturb. `inspection` is the app's; the other an admin's."""

    @property
    def inspection(self) -> DataverseInspection: ...
    @property
    def inspection_by_administrator(self) -> DataverseInspection: ...
    @property
    def administration(self) -> DataverseAdministration: ...
    def set_user(self, state: str) -> None:
        """The application user becomes `enabled`, `disabled` or `missing`."""

    def take(self, privilege: str) -> None:
        """The application user loses a privilege."""

    def deactivate_purpose(self, purpose_id: str) -> None: ...
    def refuse(self, status: int) -> None:
        """The next call is answered with this status, which is temporary."""

    def keys_take_long(self) -> None:
        """New alternate keys are not active for a while."""


class FakeWorld:
    def __init__(self) -> None:
        self.dataverse = FakeDataverse()

    @property
    def inspection(self) -> DataverseInspection:
        return self.dataverse

    @property
    def inspection_by_administrator(self) -> DataverseInspection:
        return self.dataverse

    @property
    def administration(self) -> DataverseAdministration:
        return self.dataverse

    def set_user(self, state: str) -> None:
        self.dataverse.user = state

    def take(self, privilege: str) -> None:
        del self.dataverse.held_depths[privilege]

    def deactivate_purpose(self, purpose_id: str) -> None:
        known = self.dataverse.known_purposes
        known[purpose_id] = replace(known[purpose_id], active=False)

    def refuse(self, status: int) -> None:
        self.dataverse.failures.append(TemporaryFailure(str(status)))

    def keys_take_long(self) -> None:
        self.dataverse.new_key_status = KeyStatus.PENDING


class SimulatorWorld:
    """`api` plays the people who look after the environment."""

    def __init__(self, url: str, http: requests.Session, api: Api) -> None:
        self.api = api
        self.reset()
        self.inspection = EnvironmentInspection(url, IssuedTokens(url), "managed-identity", http)
        tokens = IssuedTokens(url, ADMINISTRATOR.application_id)
        self.inspection_by_administrator = EnvironmentInspection(url, tokens, "azure-cli", http)
        self._http = http
        self.administration = self.administration_as(ADMINISTRATOR.application_id)

    def administration_as(self, application_id: str) -> DataverseAdministration:
        """With the token of another application; of the app itself where it is empty."""
        tokens = IssuedTokens(self.api.url, application_id)
        return EnvironmentAdministration(self.api.url, tokens, self._http)

    def reset(self) -> None:
        answer = self.api.session.delete(f"{self.api.url}/_simulator/state", timeout=20)
        assert answer.ok
        self.settle(keyIndexSeconds=0)

    def settle(self, **settings: Any) -> None:
        assert self.api.change_environment(**settings).ok

    def set_user(self, state: str) -> None:
        self.settle(applicationUser=state)

    def take(self, privilege: str) -> None:
        (role,) = self.api.values("roles", filter=f"name eq '{ROLE}'")
        (found,) = self.api.values("privileges", filter=f"name eq '{privilege}'")
        path = f"roles({role['roleid']})/Microsoft.Dynamics.CRM.RemovePrivilegeRole"
        assert self.api.call("POST", path, {"PrivilegeId": found["privilegeid"]}).ok

    def deactivate_purpose(self, purpose_id: str) -> None:
        inactive = {"statecode": 1, "statuscode": 2}
        assert self.api.call("PATCH", f"msdynmkt_purposes({purpose_id})", inactive).ok

    def refuse(self, status: int) -> None:
        assert self.api.fault(match="* ", status=status).ok

    def keys_take_long(self) -> None:
        self.settle(keyIndexSeconds=600)
