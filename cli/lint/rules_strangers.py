"""Rules about what somebody else than the company could have put into the mail."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.words import found_in, plain

# {name}, {{name}}, [[name]], [NAME], ${name}, %%name%%, %NAME%, *|NAME|*, <%= name %>
_PLACEHOLDER = re.compile(
    r"\$?\{{1,2}\s*[\w.-]+(?:\s*\|[^{}]*)?\s*\}{1,2}|\[\[[^\[\]]+\]\]|\[[A-ZÄÖÜ_]{3,}\]"
    r"|%%[\w.-]+%%|%[A-Za-z_]{2,}%|\*\|[^|]+\|\*|<%.*?%>|&lt;%.*?%&gt;"
)


def strangers_text(mail: ComposedMail) -> Iterator[Hit]:
    """Nothing that was typed into a form, or came with the request, stands in the mail."""
    for part, said in _everything(mail):
        read = unquote(said).lower()
        for name, canary in mail.canaries.items():
            if canary.lower() in read:
                yield Hit(part=part, excerpt=f"{name} ({canary})", words=canary)


def greeting_by_name(mail: ComposedMail) -> Iterator[Hit]:
    """No salutation with a name, or with the place for one."""
    greetings = mail.words.greetings if mail.words else ()
    for passage in mail.passages:
        for line in re.split(r"[\n,.!:;]", plain(passage.text)):
            if any(line.strip().startswith(each) for each in found_in(line, greetings)) and (
                _PLACEHOLDER.search(line) or any(each in line for each in mail.canaries.values())
            ):
                yield passage.hit(line.strip())


def placeholders(mail: ComposedMail) -> Iterator[Hit]:
    """Nothing waits to be filled in: the app fills nothing into a form's texts."""
    for passage in mail.passages:
        yield from (passage.hit(each.group()) for each in _PLACEHOLDER.finditer(passage.text))


def _everything(mail: ComposedMail) -> Iterator[tuple[Part, str]]:
    sent = mail.mail
    yield Part.SUBJECT, sent.subject
    yield Part.SENDER, f"{sent.sender_name or ''} {sent.sender} {sent.reply_to or ''}"
    yield Part.TEXT, sent.text
    yield Part.HTML, sent.html
    # The recipient's address stands in one header, and nowhere else.
    headers = [value for name, value in mail.message.items() if name.lower() != "to"]
    yield Part.HEADERS, "\n".join([sent.message_id, *sent.headers.values(), *headers])
