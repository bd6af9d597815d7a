"""The sign-ups that this website offers, and what it knows about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LANGUAGES = ("en", "de", "fr")


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """`form` names the form; `hidden` are the answers that the page gives by itself, by field.

    `needs_script`: the form asks for proof of work, which takes a script.
    """

    form: str
    languages: tuple[str, ...]
    hidden: Mapping[str, str] = field(default_factory=dict)
    needs_script: bool = False


SIGN_UPS = (
    SignUp(form="newsletter", languages=LANGUAGES),
    SignUp(form="whitepaper", languages=("en", "de"), hidden={"asset": "consent-that-holds"}),
    SignUp(form="webinar", languages=LANGUAGES, needs_script=True),
)
