"""Mail domains: what Azure Resource Manager says, and the fake, through the same cases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests

from shared.adapters.acs_domains import AcsDomains
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.ports import MailDomains
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.mail_domain import MailDomain
from tests.fakes.doctor import FakeMailDomains, verified
from tests.mailers.fake_tokens import FakeTokens, NoTokens, WrongTokens
from tests.mailers.http_provider import Fault
from tests.mailers.resource_manager import (
    GROUP,
    PROVIDER,
    RESOURCE,
    SERVICE,
    ResourceManager,
    domain_id,
)

SECONDS = 20


@pytest.fixture
def manager() -> Iterator[ResourceManager]:
    running = ResourceManager()
    yield running
    running.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def domains_of(
    manager: ResourceManager, session: requests.Session, resource: str = RESOURCE
) -> AcsDomains:
    return AcsDomains(
        resource_id=resource, tokens=FakeTokens(), session=session, base_url=manager.url
    )


@dataclass(frozen=True, kw_only=True)
class World:
    port: MailDomains
    fail: Callable[[int], None]


@pytest.fixture(params=["fake", "azure"])
def world(
    request: pytest.FixtureRequest, manager: ResourceManager, session: requests.Session
) -> World:
    """Two domains: one in use, one whose SPF record is not found."""
    failed = "VerificationFailed"
    if request.param == "fake":
        fake = FakeMailDomains(
            (
                verified("contoso.com"),
                verified("fabrikam.com", is_linked=False, states={"SPF": failed}),
            )
        )

        def fail(status: int) -> None:
            temporary = TemporaryFailure(f"azure: {status}")
            fake.failure = temporary if status > 500 else Refused(Why.ROLE, f"azure: {status}")

        return World(port=fake, fail=fail)
    manager.add("contoso.com")
    manager.add("fabrikam.com", is_linked=False, spf=failed)

    def fail_next(status: int) -> None:
        manager.faults.append(Fault(status=status, code="AuthorizationFailed"))

    return World(port=domains_of(manager, session), fail=fail_next)


def find(port: MailDomains) -> dict[str, MailDomain]:
    return {domain.name: domain for domain in port.find(Deadline(SECONDS))}


def test_linked_and_other_domains_are_found(world: World) -> None:
    found = find(world.port)
    assert {name: one.is_linked for name, one in found.items()} == {
        "contoso.com": True,
        "fabrikam.com": False,
    }
    assert found["contoso.com"].unverified() == []
    assert found["fabrikam.com"].unverified() == ["SPF"]
    assert found["fabrikam.com"].records["SPF"].type == "TXT"
    assert found["contoso.com"].allows("NEWSLETTER")
    assert not found["contoso.com"].allows("boss")
    assert not found["contoso.com"].is_azure_managed


def test_nobody_may_look(world: World) -> None:
    world.fail(403)
    with pytest.raises(Refused) as refused:
        find(world.port)
    assert refused.value.why is Why.ROLE


def test_azure_is_busy(world: World) -> None:
    world.fail(503)
    with pytest.raises(TemporaryFailure):
        find(world.port)


def test_without_time_nothing_is_asked(world: World) -> None:
    with pytest.raises(TemporaryFailure, match="no time left"):
        world.port.find(Deadline(0))


def test_azures_own_domain(manager: ResourceManager, session: requests.Session) -> None:
    name = "aaaaaaaa-0000.azurecomm.net"
    manager.add(name, managed="AzureManaged", senders=("DoNotReply",))
    [found] = domains_of(manager, session).find(Deadline(SECONDS))
    assert (found.name, found.is_azure_managed, found.is_linked) == (name, True, True)
    assert found.resource == domain_id("AzureManagedDomain")


def test_long_lists_come_in_pages(manager: ResourceManager, session: requests.Session) -> None:
    names = [f"d{number}.com" for number in range(5)]
    for name in names:
        manager.add(name, senders=("a", "b", "c"))
    found = find(domains_of(manager, session))
    assert list(found) == names
    assert found["d4.com"].usernames == ("a", "b", "c")


def test_a_page_elsewhere_is_not_fetched(
    manager: ResourceManager, session: requests.Session
) -> None:
    """The token must not go there."""
    for number in range(3):
        manager.add(f"d{number}.com")
    manager.url = manager.url.replace("127.0.0.1", "localhost")
    base = manager.url.replace("localhost", "127.0.0.1")
    port = AcsDomains(resource_id=RESOURCE, tokens=FakeTokens(), session=session, base_url=base)
    assert len(port.find(Deadline(SECONDS))) == 2


def test_reading_the_service_alone_is_enough(
    manager: ResourceManager, session: requests.Session
) -> None:
    """Narrow roles: the resource, its domains, and not the whole group."""
    manager.add("contoso.com")
    manager.forbidden.append(f"{PROVIDER}/emailServices")
    assert "contoso.com" in find(domains_of(manager, session))


@pytest.mark.parametrize(
    ("forbidden", "about"),
    [(RESOURCE, RESOURCE), (f"{SERVICE}/domains*", SERVICE)],
)
def test_what_may_not_be_read_is_named(
    manager: ResourceManager, session: requests.Session, forbidden: str, about: str
) -> None:
    manager.add("contoso.com")
    manager.forbidden.append(forbidden)
    with pytest.raises(Refused, match=r"^azure: 403 AuthorizationFailed$") as refused:
        domains_of(manager, session).find(Deadline(SECONDS))
    assert refused.value.why is Why.ROLE
    assert str(refused.value.resource).lower() == about.lower()


def test_a_resource_that_is_not_there(manager: ResourceManager, session: requests.Session) -> None:
    elsewhere = f"{PROVIDER}/communicationServices/fabrikam"
    with pytest.raises(Refused) as refused:
        domains_of(manager, session, elsewhere).find(Deadline(SECONDS))
    assert refused.value.why is Why.NOT_THERE


def test_without_domains_there_are_none(
    manager: ResourceManager, session: requests.Session
) -> None:
    assert domains_of(manager, session).find(Deadline(SECONDS)) == ()
    manager.forbidden.append(f"{PROVIDER}/emailServices")
    with pytest.raises(Refused) as refused:
        domains_of(manager, session).find(Deadline(SECONDS))
    assert refused.value.resource == GROUP


def test_wrong_and_missing_tokens(manager: ResourceManager, session: requests.Session) -> None:
    wrong = AcsDomains(
        resource_id=RESOURCE, tokens=WrongTokens(), session=session, base_url=manager.url
    )
    with pytest.raises(Refused) as refused:
        wrong.find(Deadline(SECONDS))
    assert refused.value.why is Why.CREDENTIALS
    none = AcsDomains(
        resource_id=RESOURCE, tokens=NoTokens(), session=session, base_url=manager.url
    )
    with pytest.raises(NoToken):
        none.find(Deadline(SECONDS))
