"""Forms, records and a catalogue that the tests of mails and pages start from."""

import json
import string
from pathlib import Path
from typing import Any

from shared.texts.languages import FOLDER
from shared.values.confirmation_token import Token, Tokens
from shared.values.form import Form
from shared.values.record import Record
from tests import examples

TOKENS = Tokens(examples.TOKEN_KEYS)
PUBLIC_URL = "https://doi.contoso.example"
LANGUAGES = ("en", "de", "fr", "es", "it", "nl")


def form(**company: Any) -> Form:
    """The sample form of the newsletter, with a changed company."""
    newsletter = examples.sample_forms()["newsletter"]
    changed = newsletter.company.model_copy(update=company)
    return newsletter.model_copy(update={"company": changed})


def form_in(*languages: str) -> Form:
    """The same form in other languages; its own texts stay English."""
    definition = form().model_dump(by_alias=True, mode="json")
    _spread(definition, languages)
    return Form.model_validate({**definition, "languages": languages})


def record_in(language: str, **changes: Any) -> Record:
    """A record of that form, about to be mailed."""
    record = examples.record()
    consents = tuple(
        given.model_copy(update={"language": language, "text": f"Consent in {language}."})
        for given in record.consents
    )
    return record.model_copy(update={"locale": language, "consents": consents, **changes})


def token_in(language: str) -> Token:
    """The token of a link of the newsletter form."""
    return Token(
        key=examples.record().key, form="newsletter", locale=language, issued_at=examples.NOON
    )


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def sentences(tree: Any, pointer: str = "") -> dict[str, str]:
    """Every sentence of a catalogue file, by its JSON pointer."""
    if isinstance(tree, str):
        return {pointer: tree}
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    return {p: s for key, sub in items for p, s in sentences(sub, f"{pointer}/{key}").items()}


def write_arabic_catalogue(folder: Path) -> Path:
    """A catalogue in a language written from right to left, which the project does not ship."""

    def arabic(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: arabic(sub) for key, sub in tree.items()}
        if isinstance(tree, list):
            return [arabic(sub) for sub in tree]
        return " ".join(["نص", *(f"{{{name}}}" for name in sorted(placeholders(tree)))])

    texts = arabic(json.loads((FOLDER / "en.json").read_bytes()))
    (folder / "ar.json").write_text(json.dumps(texts), encoding="utf-8")
    return folder


def _spread(tree: Any, languages: tuple[str, ...]) -> None:
    if isinstance(tree, list):
        for item in tree:
            _spread(item, languages)
    elif isinstance(tree, dict):
        if "en" in tree:
            english = tree["en"]
            tree.clear()
            tree.update(dict.fromkeys(languages, english))
        for item in tree.values():
            _spread(item, languages)
