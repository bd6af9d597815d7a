"""Each form: can it be used, and is there anything in it that visitors should not meet."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from shared.doctor.ports import OutsideOfDoctor
from shared.doctor.senders import domain_of
from shared.values.check import Check, missing, ok, warning
from shared.values.form import Form, State

# Nobody can own these: https://www.rfc-editor.org/rfc/rfc2606 and rfc6761.
_RESERVED = frozenset({"example", "invalid", "localhost", "test"})
_RESERVED_DOMAINS = frozenset({"example.com", "example.net", "example.org"})


def check_forms(outside: OutsideOfDoctor) -> Iterator[Check]:
    """Files that are no forms, then the forms by name."""
    for broken in outside.broken_forms:
        place = broken.pointer or "/"
        mend = f"mend {broken.file} at {place}: docs/forms.md says what goes there"
        if broken.reason.startswith("the setting "):
            mend = f"set it, or write the value itself into {broken.file}"
        yield missing(f"form file {broken.file}", f"at {place}: {broken.reason}", mend)
    if not any(form.state is State.PUBLISHED for form in outside.forms.values()):
        folder = outside.settings_found.value("DOI_FORMS_FOLDER")
        yield missing(
            "forms",
            f"none in '{folder}' is published: nobody can sign up",
            "give a form the state 'published'; DOI_FORMS_FOLDER names the folder of the forms",
        )
    for name, form in sorted(outside.forms.items()):
        yield from _check(name, form, is_public=outside.settings_found.is_public)


def _check(name: str, form: Form, *, is_public: bool) -> Iterator[Check]:
    label, file = f"form {name}", f"{name}.json"
    if form.state is State.DRAFT:
        yield ok(label, "a draft: takes no sign-ups")
        return
    if form.state is State.ARCHIVED:
        yield ok(label, "archived: takes no sign-ups, and honours the mails that are out")
        return
    if not is_public:
        yield ok(label, _told(form))
        return
    is_well = True
    domain = domain_of(form.mail.sender)
    if domain in _RESERVED_DOMAINS or domain.rpartition(".")[2] in _RESERVED:
        is_well = False
        yield missing(
            label,
            f"mail.sender is {form.mail.sender}, the sample's: no mail can leave from there",
            f"set mail.sender in {file} to an address of your own domain",
        )
    plain = [pointer for pointer, url in _urls(form) if urlsplit(url).scheme != "https"]
    if plain:
        is_well = False
        yield warning(
            f"{label}, addresses",
            f"not encrypted: {', '.join(plain)}",
            f"begin them with https:// in {file}, or in the FORM_ settings that they come from",
        )
    if is_well:
        yield ok(label, _told(form))


def _told(form: Form) -> str:
    origins = ", ".join(form.allowed_origins)
    posted = f"posted from {origins}" if origins else "posted by other servers only, no website"
    return f"published; {posted}; mails from {form.mail.sender}"


def _urls(form: Form) -> Iterator[tuple[str, str]]:
    """Where visitors type, and where they are sent."""
    for index, origin in enumerate(form.allowed_origins):
        yield f"allowedOrigins/{index}", origin
    for language, url in form.privacy_policy_url.items():
        yield f"privacyPolicyUrl/{language}", url
    for outcome, url in form.redirects.model_dump(by_alias=True, exclude_none=True).items():
        yield f"redirects/{outcome}", url
