"""Signed LEAD_ACTION notifications to every subscription that a lead concerns.

Payload: the last section of the Lead Sync documentation. Signature: `X-LI-Signature` holds the hex
HMAC-SHA256 of `hmacsha256=` and the body under the application's secret
(https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation).
"""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import aiohttp
from yarl import URL

from local.linkedin_simulator.settings import NotificationMode
from local.linkedin_simulator.stored import Delivery, Lead, LeadAction, Subscription
from local.linkedin_simulator.urns import versioned_form_urn
from local.linkedin_simulator.world import World

SIGNED_PREFIX = b"hmacsha256="
ANSWER_SECONDS = 10.0


class Notifier:
    """Sends in the background; `idle` waits for what is under way."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sending: set[asyncio.Task[None]] = set()

    def notify(self, lead: Lead, action: LeadAction, mode: NotificationMode | None) -> None:
        """`mode` says whether it arrives once, twice, not at all, or after the next one."""
        mode = mode or self._world.settings.notification_mode
        body = _body(self._world, lead, action)
        webhooks = dict.fromkeys(
            each.webhook for each in self._world.subscriptions.values() if _concerns(each, lead)
        )
        held = [each for each in self._world.deliveries.values() if each.outcome == "held"]
        fresh = []
        for webhook in webhooks:
            for _ in range(2 if mode == "twice" else 1):
                delivery = Delivery(
                    id=self._world.next_id(),
                    lead_id=lead.id,
                    action=action,
                    webhook=webhook,
                    body=body,
                    outcome=mode if mode in ("lost", "held") else "sending",
                    at=self._world.now(),
                )
                self._world.put_delivery(delivery)
                fresh.append(delivery)
        if mode in ("once", "twice"):
            self._start(fresh, then=held)

    def release(self) -> int:
        """Send what is held back; how many."""
        held = [each for each in self._world.deliveries.values() if each.outcome == "held"]
        self._start(held, then=[])
        return len(held)

    async def idle(self) -> None:
        while self._sending:
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def close(self) -> None:
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def _start(self, first: list[Delivery], then: list[Delivery]) -> None:
        task = asyncio.get_running_loop().create_task(self._send_all(first, then))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send_all(self, first: list[Delivery], then: list[Delivery]) -> None:
        """Each in its own time, those of `then` after all of `first`."""
        for together in (first, then):
            await asyncio.gather(*(self._send(delivery) for delivery in together))

    async def _send(self, delivery: Delivery) -> None:
        pauses = self._world.settings.delivery_retry_seconds
        for attempt, pause in enumerate((*pauses, None), start=1):
            status, problem = await _post(self._world, delivery)
            if delivery.id not in self._world.deliveries:
                return  # reset meanwhile: nothing of it is left
            delivered = 200 <= status < 300  # noqa: PLR2004 - HTTP statuses
            outcome = "delivered" if delivered else "sending" if pause is not None else "failed"
            self._world.put_delivery(
                delivery.model_copy(
                    update={
                        "outcome": outcome,
                        "attempts": attempt,
                        "status": status,
                        "problem": problem,
                        "at": self._world.now(),
                    }
                )
            )
            if delivered or pause is None:
                return
            await asyncio.sleep(pause)


def _concerns(subscription: Subscription, lead: Lead) -> bool:
    """Only a validated webhook gets notifications; form and entity have to match, both of them."""
    if subscription.status != "valid":
        return False
    if (subscription.owner, subscription.lead_type) != (lead.owner, lead.lead_type):
        return False
    form, entity = subscription.versioned_form, subscription.associated_entity
    if form is not None and form.replace(", ", ",") != versioned_form_urn(
        lead.form_id, lead.version_id
    ):
        return False
    attached = {"sponsoredCampaign": lead.campaign, **lead.entity}
    return all(attached.get(key) == value for key, value in (entity or {}).items())


def _body(world: World, lead: Lead, action: LeadAction) -> str:
    """Compact JSON in the order of the documentation's sample."""
    at = world.milliseconds()
    payload: dict[str, Any] = {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": f"urn:li:leadGenFormResponse:{lead.id}",
        "leadGenForm": versioned_form_urn(lead.form_id, lead.version_id).replace(",", ", "),
        "owner": lead.owner,
        **({"associatedEntity": lead.entity} if lead.entity else {}),
        "leadType": lead.lead_type,
        "leadAction": action,
        world.settings.notification_time_key: (
            at if world.settings.notification_time == "milliseconds" else at // 1000
        ),
    }
    return json.dumps(payload, separators=(",", ":"))


def signature(body: bytes, client_secret: str) -> str:
    return hmac.new(client_secret.encode(), SIGNED_PREFIX + body, hashlib.sha256).hexdigest()


async def _post(world: World, delivery: Delivery) -> tuple[int, str]:
    """Status (0 without an answer), and what went wrong."""
    body = delivery.body.encode()
    digest = signature(body, world.seed.application.client_secret)
    prefix = SIGNED_PREFIX.decode() if world.settings.signature_prefix else ""
    headers = {"Content-Type": "application/json", "X-LI-Signature": prefix + digest}
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            aiohttp.ClientSession() as session,
            session.post(
                URL(delivery.webhook, encoded=True),
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as answer,
        ):
            return answer.status, "" if answer.ok else (await answer.text("utf-8", "replace"))[:200]
    except TimeoutError:
        return 0, f"no answer within {ANSWER_SECONDS:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return 0, f"{type(error).__name__}: {error}"
