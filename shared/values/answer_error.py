"""What is wrong with an answer: a place, a code that programs read, a limit where there is one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One mistake. `pointer` is a JSON pointer (RFC 6901) into the request body.

    The sentence for people comes from the texts of the person's language, by `code`.
    """

    pointer: str
    code: str
    limit: int | None = None


class AnswerRefused(ValueError):
    """An answer that the form does not allow. Never carries the answer itself."""

    def __init__(self, code: str, limit: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit

    def at(self, pointer: str) -> FieldError:
        """The same, with its place."""
        return FieldError(pointer=pointer, code=self.code, limit=self.limit)
