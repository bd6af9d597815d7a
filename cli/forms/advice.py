"""What is allowed in a form and still deserves a word: each piece of advice with its reason.

A form can be right by its schema and yet lose mails, mislead people or keep data for long.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from shared.values.form import Form

# Reserved for examples: no mail leaves from them (RFC 2606, RFC 6761).
_EXAMPLES = ("example", "invalid", "test", "localhost")
_EXAMPLE_DOMAINS = frozenset({"example.com", "example.net", "example.org"})
# Their DMARC policies tell receivers to refuse what others send in their name.
_MAILBOX_PROVIDERS = frozenset(
    {
        "aol.com",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "outlook.com",
        "t-online.de",
        "web.de",
        "yahoo.com",
    }
)
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
# https://support.maileon.com/support/faq-000013/ : at most 14 days, better 7; unsettled law.
_LONGEST_PENDING = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """`breaks`: mend it before the form goes live; else it is something to know."""

    pointer: str
    text: str
    mend: str
    breaks: bool = False


def advice_on(form: Form) -> Iterator[Advice]:
    """Everything about one form, the mistakes first."""
    found = [*_sender(form), *_addresses(form), *_times(form), *_texts(form), *_posting(form)]
    yield from sorted(found, key=lambda each: not each.breaks)


def _sender(form: Form) -> Iterator[Advice]:
    domain = form.mail.sender.rpartition("@")[2].lower()
    if domain in _MAILBOX_PROVIDERS:
        yield Advice(
            pointer="/mail/sender",
            text=f"receivers refuse mails that somebody else sends as {domain} (DMARC)",
            mend="send from a domain of your own, which the provider knows",
            breaks=True,
        )
    if _is_example(domain):
        yield Advice(
            pointer="/mail/sender",
            text=f"{domain} is reserved for examples: no provider sends from it",
            mend="name an address of your own domain before the form goes live",
        )
    if not form.mail.sender_name:
        yield Advice(
            pointer="/mail/senderName",
            text="people see the sender's bare address",
            mend="give the company's name",
        )


def _addresses(form: Form) -> Iterator[Advice]:
    plain = [(pointer, url) for pointer, url in _urls(form) if not url.startswith("https://")]
    local = [each for each in plain if urlsplit(each[1]).hostname in _THIS_MACHINE]
    if local:
        pointer, url = local[0]
        yield Advice(
            pointer=pointer,
            text=f"leads to this machine: {url}" + _and_others(len(local) - 1),
            mend="give the website's https address before the form goes live",
        )
    for pointer, url in plain:
        if (pointer, url) not in local:
            yield Advice(
                pointer=pointer,
                text=f"is not encrypted: {url}",
                mend="give the https address",
                breaks=True,
            )


def _and_others(count: int) -> str:
    return f", as {count} other addresses do" if count > 1 else ", as another does" * count


def _urls(form: Form) -> Iterator[tuple[str, str]]:
    yield "/company/website", form.company.website
    for language, url in form.privacy_policy_url.items():
        yield f"/privacyPolicyUrl/{language}", url
    for index, origin in enumerate(form.allowed_origins):
        yield f"/allowedOrigins/{index}", origin
    for name, target in form.redirects.model_dump(by_alias=True).items():
        if target:
            yield f"/redirects/{name}", target


def _times(form: Form) -> Iterator[Advice]:
    if form.forgotten_after > _LONGEST_PENDING:
        yield Advice(
            pointer="/forgottenAfter",
            text=f"keeps people who said nothing for {form.forgotten_after.days} days",
            mend="data protection officers ask for 14 days at most, better 7",
        )


def _texts(form: Form) -> Iterator[Advice]:
    if not any(consent.required for consent in form.consents):
        yield Advice(
            pointer="/consents",
            text="no consent is required: somebody can confirm without declaring anything",
            mend="make one required, unless that is wanted",
        )
    first, *others = form.languages
    for pointer, texts in (
        ("/mail/subject", form.mail.subject),
        ("/mail/text", form.mail.text),
        *((f"/consents/{n}/text", each.text) for n, each in enumerate(form.consents)),
    ):
        for language in others:
            if texts[language] == texts[first]:
                yield Advice(
                    pointer=f"{pointer}/{language}",
                    text=f"is the text in {first}, word for word",
                    mend="translate it",
                )


def _posting(form: Form) -> Iterator[Advice]:
    if not form.allowed_origins:
        yield Advice(
            pointer="/allowedOrigins",
            text="no web page may post, only servers",
            mend="name the website's origin, unless that is wanted",
        )


def _is_example(domain: str) -> bool:
    return domain.rpartition(".")[2] in _EXAMPLES or domain in _EXAMPLE_DOMAINS
