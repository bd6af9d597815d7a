"""The queues, by name. Apart from what goes into them: a start of the app needs no more."""

from enum import StrEnum


class QueueName(StrEnum):
    """The queues of the app. Each has a poison queue beside it."""

    REGISTRATIONS = "registrations"
    PROMOTIONS = "promotions"
    FOLLOW_UPS = "follow-ups"
    LINKEDIN_LEADS = "linkedin-leads"
    MAIL_REPORTS = "mail-reports"

    @property
    def poison(self) -> str:
        """Where the Functions host puts what failed five times, and we what can never succeed."""
        return f"{self.value}-poison"
