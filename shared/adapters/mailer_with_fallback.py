"""Two mail providers: the second takes over while the first rests."""

import threading

from shared import events
from shared.adapters.mailer_resting import RestingMailer
from shared.failures import TemporaryFailure
from shared.ports import SentMail
from shared.values.event_catalogue import Event
from shared.values.mail import Mail


class MailerWithFallback:
    """Implements ports.Mailer around two others.

    A mail goes to the second only when it has certainly not left by the first. A mail whose fate
    is unknown stays with the provider that may have it, if that one can be asked; one that
    cannot be asked is no reason to wait. A refusal for good is final: the second would refuse
    the recipient, too.
    """

    def __init__(self, *, first: RestingMailer, second: RestingMailer) -> None:
        self._first, self._second = first, second
        self.name = first.name
        self.can_be_asked = first.can_be_asked | second.can_be_asked
        self._lock = threading.Lock()
        self._switched = False

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        """See ports.Mailer."""
        bound_to = again if again in self.can_be_asked else None
        if bound_to == self._second.name:
            return self._second.send(mail, again=again)
        try:
            sent = self._first.send(mail, again=again)
        except TemporaryFailure as failure:
            if bound_to or failure.may_have_happened or not self._first.is_resting:
                raise
        else:
            self._switched_back()
            return sent
        self._switched_over()
        return self._send_by_second(mail, again)

    def _send_by_second(self, mail: Mail, again: str | None) -> SentMail:
        try:
            return self._second.send(mail, again=again)
        except TemporaryFailure as failure:
            wait = failure.retry_after
            if wait is None or failure.may_have_happened:
                raise
            # Whichever is back first may send it.
            raise TemporaryFailure(str(failure), min(wait, self._first.rest_left)) from None

    def _switched_over(self) -> None:
        with self._lock:
            already, self._switched = self._switched, True
        if not already:
            events.alarm(
                Event.MAIL_PROVIDER_SWITCHED,
                provider=self._second.name,
                instead_of=self._first.name,
            )

    def _switched_back(self) -> None:
        with self._lock:
            # A mail that was under way when the rest began proves nothing.
            back = self._switched and not self._first.is_resting
            self._switched = self._switched and not back
        if back:
            events.note(
                Event.MAIL_PROVIDER_SWITCHED,
                provider=self._first.name,
                instead_of=self._second.name,
            )
