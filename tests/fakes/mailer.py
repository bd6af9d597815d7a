"""A mail provider in memory, for the same test cases as the real ones."""

from dataclasses import dataclass, field

from shared.failures import TemporaryFailure
from shared.ports import SentMail
from shared.values.mail import Mail
from shared.wire_mail import wire_mail


@dataclass
class FakeMailer:
    """Implements ports.Mailer, as a provider that can be asked about an earlier attempt.

    `sent` has the mails that left, oldest first, with punycode domains; `asked` counts the
    mails that it was called for, whatever came of it.
    """

    name: str = "fake"
    can_tell: bool = True
    sent: list[Mail] = field(default_factory=list)
    asked: int = 0
    down: bool = False
    _failures: list[tuple[Exception, bool]] = field(default_factory=list)

    @property
    def can_be_asked(self) -> frozenset[str]:
        return frozenset({self.name} if self.can_tell else ())

    def fail_next(self, failure: Exception, *, unnoticed: bool = False) -> None:
        """The next mail meets this failure; `unnoticed`: it leaves nevertheless."""
        self._failures.append((failure, unnoticed))

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        self.asked += 1
        checked = wire_mail(mail)
        taken = SentMail(provider=self.name, message_id=checked.operation_id)
        if self.down:
            raise TemporaryFailure("fake: no answer")
        if (
            again
            and self.can_tell
            and any(sent.operation_id == checked.operation_id for sent in self.sent)
        ):
            return taken
        if self._failures:
            failure, unnoticed = self._failures.pop(0)
            if unnoticed:
                self.sent.append(checked)
            raise failure
        self.sent.append(checked)
        return taken
