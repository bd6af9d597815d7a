"""The challenge that a webhook has to answer, at first and then at an interval.

https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation: a GET with
`challengeCode`, answered within three seconds with the code and its HMAC-SHA256 under the
application's secret, as JSON. Three failures in a row block the webhook.
"""

import asyncio
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import aiohttp
from yarl import URL

from local.linkedin_simulator.stored import Subscription
from local.linkedin_simulator.world import World

ANSWER_SECONDS = 3.0
FAILURES_THAT_BLOCK = 3
LOOK_EVERY_SECONDS = 0.5
FIRST_PAUSE_SECONDS = 1  # until a new webhook answers, which may still be starting
LONGEST_PAUSE_SECONDS = 64
LARGEST_ANSWER = 64 * 1024


async def validated(world: World, subscription: Subscription) -> Subscription:
    """Challenge the webhook and give the subscription with what came out; nothing is stored."""
    problem = await _problem(subscription.webhook, world.seed.application.client_secret)
    outcome = {"problem": problem, "validated_at": world.now()}
    if not problem:
        return subscription.model_copy(update={**outcome, "status": "valid", "failures": 0})
    failures = subscription.failures + 1
    status = subscription.status
    if status == "valid" and failures >= FAILURES_THAT_BLOCK:
        status = "blocked"
    return subscription.model_copy(update={**outcome, "status": status, "failures": failures})


async def _problem(webhook: str, client_secret: str) -> str:
    """What the webhook did wrong, or nothing."""
    code = str(uuid4())
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            aiohttp.ClientSession() as session,
            session.get(_challenge_url(webhook, code), allow_redirects=False) as answer,
        ):
            body = await answer.content.read(LARGEST_ANSWER)
            return _wrong(answer.status, answer.content_type, body, code, client_secret)
    except TimeoutError:
        return f"no answer within {ANSWER_SECONDS:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def _challenge_url(webhook: str, code: str) -> URL:
    """The URL's own parameters, such as a secret, stay as they are."""
    return URL(f"{webhook}{'&' if '?' in webhook else '?'}challengeCode={code}", encoded=True)


def _wrong(status: int, content_type: str, body: bytes, code: str, client_secret: str) -> str:
    if status != 200:  # noqa: PLR2004 - an HTTP status
        return f"answered {status} instead of 200"
    if content_type != "application/json":
        return f"answered {content_type} instead of application/json"
    try:
        answer = json.loads(body)
    except ValueError:
        return "did not answer with JSON"
    expected = hmac.new(client_secret.encode(), code.encode(), hashlib.sha256).hexdigest()
    if not isinstance(answer, dict) or answer.get("challengeCode") != code:
        return "did not repeat the challengeCode"
    if answer.get("challengeResponse") != expected:
        return "challengeResponse is not the HMAC-SHA256 of the challengeCode, in hex"
    return ""


async def validate_now(world: World, subscription_id: int) -> None:
    """Challenge one subscription and store what came out, if it still exists then."""
    before = world.subscriptions[subscription_id]
    after = await validated(world, before)
    if subscription_id in world.subscriptions:
        world.put_subscription(after)


async def validate_at_intervals(world: World) -> None:
    """Runs until it is cancelled. A blocked webhook is not asked again: a person restarts it."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        for subscription in list(world.subscriptions.values()):
            if _is_due(world, subscription):
                await validate_now(world, subscription.id)


def _is_due(world: World, subscription: Subscription) -> bool:
    if subscription.status == "blocked":
        return False
    if subscription.validated_at is None:
        return True
    pause = timedelta(seconds=world.settings.validation_seconds)
    if subscription.status == "unvalidated":
        doubled = FIRST_PAUSE_SECONDS * 2 ** min(subscription.failures, 10)
        pause = min(pause, timedelta(seconds=min(doubled, LONGEST_PAUSE_SECONDS)))
    return world.now() - subscription.validated_at >= pause
