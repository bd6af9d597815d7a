"""What a person and the website saw of one sign-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.values.link_view import LinkState


@dataclass(kw_only=True)
class Experience:
    """Filled in while the run lasts.

    `statuses` are those of the register calls. `pages` are those that were shown after pressing
    the button, in their order; None is a page that is not known.
    """

    registration_id: str | None = None
    accepted_at: float | None = None
    statuses: list[int] = field(default_factory=list)
    calls_without_answer: int = 0
    pages: list[LinkState | None] = field(default_factory=list)
    presses_without_page: int = 0
