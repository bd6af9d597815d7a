"""A mail provider that takes its time."""

from collections.abc import Callable

from shared.ports import SentMail
from shared.values.mail import Mail
from tests.fakes.mailer import FakeMailer


class SlowMailer(FakeMailer):
    """While it sends, something else happens, once."""

    meanwhile: Callable[[], object] | None = None

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return super().send(mail, again=again)
