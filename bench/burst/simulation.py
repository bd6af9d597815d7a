"""Runs a scenario to its end."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import simpy

from bench.burst import published
from bench.burst.dataverse import Dataverse
from bench.burst.deployment import Deployment, Scenario
from bench.burst.ends import End, Ends
from bench.burst.gate import Gate
from bench.burst.line import Line
from bench.burst.mail_quota import MailQuota
from bench.burst.message_queue import MessageQueue
from bench.burst.observed import Limit, Observed, Stage
from bench.burst.paid import Paid
from bench.burst.scale_group import ScaleGroup, Seen, Size, Steps
from bench.burst.scaling import Starting, Target, scale_http, scale_queue
from bench.burst.story import Story
from bench.burst.world import Bundle, World

_CAREFUL = 0.9  # of a limit, where the app itself keeps to it
_TRIGGERS = published.TRIGGERS_A_MINUTE / 60


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was seen until everybody had come to an end, `ended_at` seconds after the first."""

    scenario: Scenario
    observed: Observed
    ends: Mapping[End, int]
    paid: Paid
    ended_at: float


def simulate(scenario: Scenario) -> Outcome:
    """The same scenario gives the same outcome, to the last digit."""
    env = simpy.Environment()
    world = _world(env, scenario)
    starting = Starting(scenario.starts, random.Random(scenario.seed + 1))  # noqa: S311
    one = scenario.deployment
    queues = [
        (world.mailing, world.registrations.length),
        (world.promoting, world.promotions.length),
    ]
    env.process(_arrivals(world, Story(world)))
    env.process(scale_http(world.http, starting))
    at_once = published.INSTANCES_AT_ONCE * one.queues
    for group, length in queues:
        env.process(scale_queue(group, length, Target(one.batch_size, at_once), starting))
    env.run(until=world.ends.all)
    return Outcome(
        scenario=scenario,
        observed=world.observed,
        ends=world.ends.counts,
        paid=world.paid,
        ended_at=float(env.now),
    )


def _arrivals(world: World, story: Story) -> Steps:
    """At moments drawn evenly from the burst, as independent visitors come."""
    scenario = world.scenario
    bundles, rest = divmod(scenario.registrations, scenario.grain)
    sizes = [scenario.grain] * bundles + ([rest] if rest else [])
    moments = sorted(world.draw.uniform(0, scenario.seconds) for _ in sizes)
    for moment, size in zip(moments, sizes, strict=True):
        yield world.env.timeout(moment - world.env.now)
        world.env.process(story.register(Bundle(size=size, asked_at=moment)))


def _world(env: simpy.Environment, scenario: Scenario) -> World:
    one, observed, paid = scenario.deployment, Observed(), Paid()
    seen = Seen(observed=observed, paid=paid)
    draw = random.Random(scenario.seed)  # noqa: S311 - a simulation, no secret
    queue = Size(slots=one.queue_slots, cores=one.cores, most=one.queue_instances)
    http = Size(
        slots=one.http_concurrency,
        cores=one.cores,
        most=one.maximum_instances,
        always_ready=one.always_ready_http,
    )
    mailing = ScaleGroup(env, Stage.MAIL, queue, seen)
    promoting = ScaleGroup(env, Stage.PROMOTE, queue, seen)
    polling = one.polling_seconds
    dataverse = Dataverse(
        users=one.application_users,
        web_servers=one.web_servers,
        seconds_each=scenario.calls.dataverse,
    )
    return World(
        env=env,
        scenario=scenario,
        draw=draw,
        observed=observed,
        ends=Ends(env, scenario.registrations),
        paid=paid,
        http=ScaleGroup(env, Stage.HTTP, http, seen),
        mailing=mailing,
        promoting=promoting,
        registrations=MessageQueue(env, mailing, observed.depths["registrations"], draw, polling),
        promotions=MessageQueue(env, promoting, observed.depths["promotions"], draw, polling),
        registrations_gate=Gate(env, published.QUEUE_PER_SECOND * one.queues),
        promotions_gate=Gate(env, published.QUEUE_PER_SECOND * one.queues),
        account=Gate(env, published.ACCOUNT_PER_SECOND * one.storage_accounts),
        quota=MailQuota(one.rates),
        dataverse=dataverse,
        mail_line=_mail_line(one) if one.lines else None,
        promotion_line=Line(_CAREFUL * min(dataverse.per_second, _TRIGGERS)) if one.lines else None,
        promotion_limit=(
            Limit.TRIGGERS if dataverse.per_second > _TRIGGERS else dataverse.window_limit
        ),
    )


def _mail_line(one: Deployment) -> Line:
    together = _CAREFUL * one.mail_providers
    return Line(together * one.mails_per_minute / 60, together * one.mails_per_hour)
