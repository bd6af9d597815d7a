"""A mail provider in memory, for the same test cases as the real ones."""

from dataclasses import dataclass, field

from shared.adapters.wire_mail import wire_mail
from shared.ports import PermanentFailure, TemporaryFailure
from shared.values.mail import Mail


@dataclass
class FakeMailer:
    """Implements ports.Mailer, as a provider that can be asked about an earlier attempt.

    `sent` has the mails that left, oldest first, with punycode domains.
    """

    name: str = "fake"
    recognises_repeats: bool = True
    sent: list[Mail] = field(default_factory=list)
    down: bool = False
    _failures: list[tuple[TemporaryFailure | PermanentFailure, bool]] = field(default_factory=list)

    def fail_next(
        self, failure: TemporaryFailure | PermanentFailure, *, unnoticed: bool = False
    ) -> None:
        """The next mail meets this failure; `unnoticed`: it leaves nevertheless."""
        self._failures.append((failure, unnoticed))

    def send(self, mail: Mail, *, again: bool) -> str:
        checked = wire_mail(mail)
        if self.down:
            raise TemporaryFailure("fake: no answer")
        if (
            again
            and self.recognises_repeats
            and any(sent.operation_id == checked.operation_id for sent in self.sent)
        ):
            return checked.operation_id
        if self._failures:
            failure, unnoticed = self._failures.pop(0)
            if unnoticed:
                self.sent.append(checked)
            raise failure
        self.sent.append(checked)
        return checked.operation_id
