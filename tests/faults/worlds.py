"""Made-up ends of a chaos run: one where all is well, to be spoilt by each test."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Self

from local.chaos.accounting import Account, account
from local.chaos.aftermath import Aftermath, FoundMail, FoundRecord, Noted
from local.chaos.experience import Experience
from local.chaos.forms import BY_ROW, NEWSLETTER, WHITEPAPER
from local.chaos.queues import PoisonMessage
from local.chaos.sign_ups import Behaviour, SignUp
from local.chaos.simulator import Consent, Contact, Fired, Stored
from shared.values.link_view import LinkState

CONFIRMS, BY_ROW_CONFIRMS, DECLINES, IGNORES, UNREACHABLE = range(5)
BEHAVIOURS = {
    CONFIRMS: Behaviour.CONFIRM,
    BY_ROW_CONFIRMS: Behaviour.CONFIRM_TWICE_AT_ONCE,
    DECLINES: Behaviour.DECLINE,
    IGNORES: Behaviour.IGNORE,
    UNREACHABLE: Behaviour.UNREACHABLE,
}


def sign_up(number: int) -> SignUp:
    return SignUp(
        number=number,
        at=0,
        email=address(number),
        form={CONFIRMS: WHITEPAPER, BY_ROW_CONFIRMS: BY_ROW}.get(number, NEWSLETTER),
        behaviour=BEHAVIOURS[number],
        reacts_after=0,
    )


def address(number: int) -> str:
    return f"person{number}@chaos.example.com"


def registration(number: int) -> str:
    return f"registration-{number}"


def contact(number: int) -> Contact:
    return Contact(id=f"contact-{number}", address=address(number))


def started(number: int, by: int | None = None) -> Fired:
    """`by` is whose contact, when not the person's own."""
    whose = number if by is None else by
    return Fired(registration_id=registration(number), contact_id=contact(whose).id)


def consents(number: int) -> list[Consent]:
    return [
        Consent(id=f"consent-{number}", address=address(number), key=key)
        for key in sign_up(number).consents
    ]


def record(number: int, status: str) -> FoundRecord:
    return FoundRecord(
        registration_id=registration(number),
        address=address(number),
        form=sign_up(number).form,
        status=status,
        clicked=status in {"confirmed", "promoted"},
    )


def poison(number: int, failure: str | None = "smtp: 550 5.1.1") -> PoisonMessage:
    return PoisonMessage(
        queue="registrations", registration_id=registration(number), failure=failure, body="{}"
    )


def mail(number: int, *, answered: bool = True) -> FoundMail:
    return FoundMail(registration_id=registration(number), answered=answered)


@dataclass(frozen=True, kw_only=True)
class World:
    experiences: dict[SignUp, Experience]
    aftermath: Aftermath

    @classmethod
    def all_is_well(cls) -> Self:
        pages = {
            CONFIRMS: [LinkState.CONFIRMED],
            BY_ROW_CONFIRMS: [LinkState.CONFIRMED, LinkState.CONFIRMED],
            DECLINES: [LinkState.DECLINED],
        }
        records = [
            record(CONFIRMS, "promoted"),
            record(BY_ROW_CONFIRMS, "promoted"),
            record(IGNORES, "pending"),
            record(UNREACHABLE, "failed"),
        ]
        confirmed = (CONFIRMS, BY_ROW_CONFIRMS)
        return cls(
            experiences={
                sign_up(number): Experience(
                    registration_id=registration(number),
                    statuses=[503, 202],
                    pages=[*pages.get(number, [])],
                )
                for number in BEHAVIOURS
            },
            aftermath=Aftermath(
                records={each.registration_id: each for each in records},
                poison=(poison(UNREACHABLE),),
                mails=tuple(mail(n) for n in (CONFIRMS, BY_ROW_CONFIRMS, DECLINES, IGNORES)),
                stored=Stored(
                    contacts=tuple(contact(number) for number in confirmed),
                    consents=tuple(each for number in confirmed for each in consents(number)),
                    triggers=(started(CONFIRMS),),
                    journeys=(started(BY_ROW_CONFIRMS),),
                ),
                noted=Counter(
                    [Noted(event="promoted", registration_id=registration(n)) for n in confirmed]
                ),
                naming_lines=0,
            ),
        )

    def with_found(self, **changes: Any) -> Self:
        return replace(self, aftermath=replace(self.aftermath, **changes))

    def with_stored(self, **changes: Any) -> Self:
        return self.with_found(stored=replace(self.aftermath.stored, **changes))

    def with_record(self, number: int, status: str) -> Self:
        records = {**self.aftermath.records, registration(number): record(number, status)}
        return self.with_found(records=records)

    def without_record(self, number: int) -> Self:
        kept = {
            key: each for key, each in self.aftermath.records.items() if key != registration(number)
        }
        return self.with_found(records=kept)

    def account(self) -> Account:
        return account(self.experiences, self.aftermath)

    def broken(self) -> list[str]:
        return [str(broken) for broken in self.account().broken]
