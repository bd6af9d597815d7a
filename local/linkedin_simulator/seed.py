"""The seed file: the application, the member who authorized it, accounts, pages and lead forms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from local.linkedin_simulator.stored import LeadType, Stored

DEFAULT_SEED = Path(__file__).parent.parent / "linkedin_seed.json"
PAGE_LEAD_TYPES: tuple[LeadType, ...] = ("COMPANY", "EVENT", "ORGANIZATION_PRODUCT")


class Application(Stored):
    """`redirect_uris` are compared exactly; `scopes` are what its products allow to ask for."""

    name: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]


class Member(Stored):
    """Roles by id: `ACCOUNT_MANAGER` on an ad account, `ADMINISTRATOR` on a company page."""

    person: str
    account_roles: dict[int, str]
    page_roles: dict[int, str]


class Campaign(Stored):
    id: int
    name: str
    type: str = "SPONSORED_UPDATES"
    creative: int
    post: int


class SponsoredAccount(Stored):
    """`organization` is the page of the account; leads of its forms come from `campaign`."""

    id: int
    name: str
    organization: int
    campaign: Campaign


class Organization(Stored):
    """`event` and `product` are where leads of its own forms come from."""

    id: int
    name: str
    event: int
    product: int


class SeededGrant(Stored):
    refresh_token: str
    scopes: tuple[str, ...]


class Seed(Stored):
    """`forms` are lead forms as LinkedIn shows them; times and what is left out are filled in."""

    application: Application
    member: Member
    accounts: tuple[SponsoredAccount, ...]
    organizations: tuple[Organization, ...]
    grants: tuple[SeededGrant, ...] = ()
    forms: tuple[dict[str, Any], ...] = Field(default=())

    def lead_sources(self) -> Iterator[tuple[str, int, LeadType]]:
        """Kind and id of each owner, with each type of leads that it can have."""
        for account in self.accounts:
            yield "sponsoredAccount", account.id, "SPONSORED"
        for page in self.organizations:
            for lead_type in PAGE_LEAD_TYPES:
                yield "organization", page.id, lead_type

    def account(self, account_id: int) -> SponsoredAccount | None:
        return next((account for account in self.accounts if account.id == account_id), None)

    def organization(self, organization_id: int) -> Organization | None:
        return next((page for page in self.organizations if page.id == organization_id), None)


def read_seed(path: Path) -> Seed:
    """Raise `pydantic.ValidationError` where the file is not a seed."""
    return Seed.model_validate_json(path.read_text("utf-8"))
