"""From which addresses the forms' mails come."""

from collections.abc import Mapping

from shared.values.form import Form, State


def senders_of(forms: Mapping[str, Form]) -> dict[str, list[str]]:
    """Each sender with the forms that use it. A draft sends nothing; an archived form still may."""
    found: dict[str, list[str]] = {}
    for name, form in sorted(forms.items()):
        if form.state is not State.DRAFT:
            found.setdefault(form.mail.sender, []).append(name)
    return found


def files_of(forms: list[str]) -> str:
    """Where the forms are, for people."""
    return ", ".join(f"{form}.json" for form in forms)


def domain_of(sender: str) -> str:
    """What stands behind the @, in punycode and lower case."""
    domain = sender.rpartition("@")[2].lower()
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
