"""Why a mail's frame is not stored: it must name nobody, and give back this very mail."""

import html
from collections.abc import Iterator

from shared.values.mail import Mail, filled_in
from shared.values.mail_frame import MailFrame, Slot
from shared.wire_mail import wire_mail

# A row of a table has 1 MiB. https://learn.microsoft.com/rest/api/storageservices/
# understanding-the-table-service-data-model
LARGEST_FRAME = 900_000  # bytes, before they are compressed
_TOKENS = (Slot.CONFIRM, Slot.DECLINE)


def refusal(mail: Mail) -> str | None:
    """Why the frame may not be stored, without a person; None when it may.

    Raises PermanentFailure for a mail that no provider would take.
    """
    frame = mail.frame
    if frame is None:
        return "the mail was written without a frame"
    again = filled_in(
        frame,
        mail.slots,
        operation=mail.operation_id,
        to=mail.to,
        composed_at=mail.composed_at,
    )
    if again != mail:
        return "the frame, filled in once more, is another mail"
    said = "\n".join(_texts(frame))
    lowered = said.casefold()
    if any(address.casefold() in lowered for address in (mail.to, wire_mail(mail).to)):
        return "the address stands in the frame"
    if any(mail.slots.get(token, "") in said for token in _TOKENS if mail.slots.get(token)):
        return "a token stands in the frame"
    if len(frame.to_bytes()) > LARGEST_FRAME:
        return f"the frame has more than {LARGEST_FRAME:,} bytes"
    return None


def _texts(frame: MailFrame) -> Iterator[str]:
    """Everything that a person could stand in, as it is and as a browser reads it."""
    yield from (frame.sender, frame.sender_name or "", frame.reply_to or "", frame.subject)
    yield from frame.headers.values()
    yield from (frame.text, frame.html, html.unescape(frame.html))
