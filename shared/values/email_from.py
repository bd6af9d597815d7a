"""Which of LinkedIn's two addresses a lead is mailed at."""

from enum import StrEnum


class EmailFrom(StrEnum):
    """EMAIL is the address of the member's account, WORK_EMAIL one that the member gives."""

    EMAIL_THEN_WORK = "email-then-work"
    WORK_THEN_EMAIL = "work-then-email"
    EMAIL = "email"
    WORK = "work"
