"""A mail provider that is left alone after failures in a row, or as long as it asked for."""

import time
from collections.abc import Callable

from shared import events
from shared.adapters.provider_rest import FIRST_REST, ProviderRest
from shared.failures import TemporaryFailure
from shared.ports import Mailer, SentMail
from shared.values.event_catalogue import Event
from shared.values.mail import Mail


class RestingMailer:
    """Implements ports.Mailer around one provider.

    While the provider rests, a mail fails at once and without a call: it has certainly not left,
    and comes back when the rest is over. Then one mail tries, and the others wait for it.
    """

    def __init__(
        self,
        provider: Mailer,
        monotonic: Callable[[], float] = time.monotonic,
        first_rest: float = FIRST_REST,
    ) -> None:
        """`monotonic` gives seconds; `first_rest` is in seconds."""
        self._provider = provider
        self._rest = ProviderRest(monotonic, first_rest)
        self.name = provider.name
        self.can_be_asked = provider.can_be_asked

    @property
    def is_resting(self) -> bool:
        """Whether the provider's last word was that it does not work for now."""
        return self._rest.is_resting

    @property
    def rest_left(self) -> float:
        """Seconds until it is tried again; 0.0 when it may be tried now."""
        return self._rest.left

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        """See ports.Mailer."""
        turn = self._rest.turn()
        if isinstance(turn, float):
            raise TemporaryFailure(f"{self.name}: left alone for now", retry_after=turn)
        try:
            sent = self._provider.send(mail, again=again)
        except TemporaryFailure as failure:
            if failure.of_this_one:
                self._rest.told_nothing(turn)
                raise
            if failure.throttled:
                wait = None if failure.retry_after is None else round(failure.retry_after)
                events.warn(Event.MAIL_THROTTLED, provider=self.name, seconds=wait)
            rest = self._rest.failed(turn, failure.retry_after)
            if rest is not None:
                events.warn(
                    Event.MAIL_PROVIDER_RESTS,
                    provider=self.name,
                    cause="throttled" if failure.throttled else "failing",
                    seconds=round(rest),
                    reason=str(failure),
                )
            if failure.may_have_happened:
                failure.by = self.name
            raise
        except BaseException:
            self._rest.told_nothing(turn)
            raise
        self._rest.worked(turn)
        return sent
