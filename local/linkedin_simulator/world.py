"""Everything stored in memory, the clock, the faults, and a log of the latest requests."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from local.linkedin_simulator import stored
from local.linkedin_simulator.faults import Fault
from local.linkedin_simulator.first_content import restored, seeded
from local.linkedin_simulator.seed import Seed
from local.linkedin_simulator.settings import Settings
from local.linkedin_simulator.stored import Lead, Subscription
from local.linkedin_simulator.urns import urn
from local.simulator.faults import Faults

FILE_NAME = "linkedin.json"
REQUESTS_KEPT = 500
DELIVERIES_KEPT = 200


class World:
    """Everything happens in one thread; a change is complete before another can see it.

    `allow_http` accepts plain http for webhooks on this machine, which LinkedIn never does.
    `webhook` is subscribed to all leads of every owner, as if somebody had done it before.
    """

    def __init__(
        self,
        seed: Seed,
        now: Callable[[], datetime],
        folder: Path | None = None,
        *,
        allow_http: bool = False,
        webhook: str | None = None,
    ) -> None:
        self.seed = seed
        self.now = now
        self.allow_http = allow_http
        self.webhook = webhook
        self.faults = Faults[Fault]()
        self.settings = Settings()
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self.calls: dict[str, int] = {}
        self.changes = 0
        self._kept = seeded(seed, now())
        if folder is not None and (folder / FILE_NAME).exists():
            self._kept = restored(folder / FILE_NAME)
        self._subscribe()

    def reset(self) -> None:
        """Back to the seed: its forms and grants, no leads, no subscriptions, default settings.

        Tokens stay good, as LinkedIn's would, so that a running client goes on.
        """
        tokens = {
            "grants": {
                number: grant.model_copy(update={"revoked": False})
                for number, grant in self._kept.grants.items()
            },
            "access_tokens": self._kept.access_tokens,
            "codes": self._kept.codes,
            "last_id": self._kept.last_id,
        }
        self._kept = seeded(self.seed, self.now()).model_copy(update=tokens)
        self.settings = Settings()
        self.faults.clear()
        self.requests.clear()
        self.calls.clear()
        self._subscribe()
        self.changes += 1

    def _subscribe(self) -> None:
        """The given webhook, once; it gets its first challenge when the server runs."""
        if self.webhook is None:
            return
        subscribed = {
            (each.webhook, each.owner_urn, each.lead_type) for each in self.subscriptions.values()
        }
        for kind, number, lead_type in self.seed.lead_sources():
            owner = urn(kind, number)
            if (self.webhook, owner, lead_type) not in subscribed:
                subscription = Subscription(
                    id=self.next_id(),
                    webhook=self.webhook,
                    owner={kind: owner},
                    lead_type=lead_type,
                )
                self.put_subscription(subscription)

    def kept(self) -> dict[str, Any]:
        """What is written to disk."""
        return self._kept.model_dump(mode="json", by_alias=True)

    def state(self) -> dict[str, Any]:
        """Everything stored, lists instead of maps, without tokens; and the latest requests."""
        kept = self.kept()
        return {
            **{
                name: list(kept[name].values())
                for name in ("forms", "leads", "subscriptions", "deliveries")
            },
            "settings": self.settings.model_dump(mode="json", by_alias=True),
            "requests": list(self.requests),
        }

    @property
    def forms(self) -> dict[int, stored.LeadForm]:
        return self._kept.forms

    @property
    def subscriptions(self) -> dict[int, Subscription]:
        return self._kept.subscriptions

    @property
    def deliveries(self) -> dict[int, stored.Delivery]:
        return self._kept.deliveries

    @property
    def grants(self) -> dict[int, stored.Grant]:
        return self._kept.grants

    @property
    def access_tokens(self) -> dict[str, stored.AccessToken]:
        return self._kept.access_tokens

    @property
    def codes(self) -> dict[str, stored.AuthorizationCode]:
        return self._kept.codes

    def leads(self) -> Iterable[Lead]:
        """Those that LinkedIn still keeps, newest first."""
        oldest = self.milliseconds() - self.settings.retention_days * 86_400_000
        kept = (lead for lead in self._kept.leads.values() if lead.submitted_at >= oldest)
        return sorted(kept, key=lambda lead: (lead.submitted_at, lead.id), reverse=True)

    def lead(self, lead_id: str) -> Lead | None:
        return next((lead for lead in self.leads() if lead.id == lead_id), None)

    def put_form(self, form: stored.LeadForm) -> None:
        self._kept.forms[form.id] = form
        self.changes += 1

    def put_lead(self, lead: Lead) -> None:
        self._kept.leads[lead.id] = lead
        self.changes += 1

    def remove_lead(self, lead_id: str) -> None:
        del self._kept.leads[lead_id]
        self.changes += 1

    def put_subscription(self, subscription: Subscription) -> None:
        self._kept.subscriptions[subscription.id] = subscription
        self.changes += 1

    def remove_subscription(self, subscription_id: int) -> None:
        del self._kept.subscriptions[subscription_id]
        self.changes += 1

    def put_delivery(self, delivery: stored.Delivery) -> None:
        """The oldest one goes when there are too many."""
        self._kept.deliveries[delivery.id] = delivery
        if len(self._kept.deliveries) > DELIVERIES_KEPT:
            del self._kept.deliveries[min(self._kept.deliveries)]
        self.changes += 1

    def put_grant(self, number: int, grant: stored.Grant) -> None:
        self._kept.grants[number] = grant
        self.changes += 1

    def put_access_token(self, token: stored.AccessToken) -> None:
        self._kept.access_tokens[token.token] = token
        self.changes += 1

    def put_code(self, code: stored.AuthorizationCode) -> None:
        self._kept.codes[code.code] = code
        self.changes += 1

    def take_code(self, code: str) -> stored.AuthorizationCode | None:
        self.changes += 1
        return self._kept.codes.pop(code, None)

    def next_id(self) -> int:
        self._kept = self._kept.model_copy(update={"last_id": self._kept.last_id + 1})
        return self._kept.last_id

    def milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)
