"""The form that a message or record names."""

from shared.failures import PermanentFailure
from shared.ports import Outside
from shared.values.form import Form


def known_form(form_id: str, outside: Outside) -> Form:
    """Any form of the folder, an archived one included.

    Raises PermanentFailure when its file was removed while its registrations were on the way.
    """
    form = outside.forms.get(form_id)
    if form is None:
        raise PermanentFailure(f"form '{form_id}' does not exist any more: put its file back")
    return form
