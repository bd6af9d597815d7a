"""Why Dataverse refuses a call, where that decides what to mend."""

from shared.failures import PermanentFailure
from shared.values.messages import Message


class NotAMember(PermanentFailure):
    """The caller is no user of the environment."""


class UserDisabled(PermanentFailure):
    """The caller's user is deactivated."""


class NotThere(PermanentFailure):
    """There is no such table, row, function or action."""


class PrivilegeMissing(PermanentFailure):
    """`privilege` is its name, where Dataverse says it."""

    def __init__(
        self, reason: str, privilege: str | None = None, replay: Message | None = None
    ) -> None:
        super().__init__(reason, replay)
        self.privilege = privilege
