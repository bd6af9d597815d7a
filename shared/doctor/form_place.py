"""Where in a form's file something stands, in the words of an operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """`settings`: the settings that the file names, by JSON pointer."""

    form: str
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, aspect: str) -> str:
        """Of a check."""
        return f"form {self.form}: {aspect}"

    def correct(self, pointer: str) -> str:
        """What to correct: the setting that the value came from, or the place in the file."""
        names = self.settings.get(pointer)
        if names:
            return f"correct the setting {', '.join(names)} (%{names[0]}% at {pointer})"
        return f"correct {pointer} in {self.form}.json"
