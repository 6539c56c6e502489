"""What is fuzzed: all four services in this process, with real records in them, on servers of their own."""

import logging
import traceback
from collections import deque
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from google.protobuf.message import Message

from chassis.ports import Role, berlin_day
from services.funds.domain.fund_rules import Payout
from tests.faults.fuzz.pool import Pool
from tests.support.actors import registered, responsible
from tests.support.city import City, Started, a_city
from tests.support.client import Client
from tests.support.events import publish_event, register
from tests.support.funds_ballot import a_voting
from tests.support.funds_grant import a_receipt_line, agreed, order, pay, prove, submit_claim
from tests.support.funds_proposal import propose, routed
from tests.support.funds_round import a_call, a_known_actor
from tests.support.notify import COORDINATOR, MailServer, a_follower, a_mail_server, settings_around, some_neighbours


class Remembering(Client):
    """A client whose accepted requests and answers the pool learns from."""

    def __init__(self, address: str, service: str, pool: Pool) -> None:
        super().__init__(address, service)
        self._pool = pool

    async def call_bytes(
        self, path: str, data: bytes, answer: type[Message], token: str, metadata: dict[str, str]
    ) -> Any:
        response = await super().call_bytes(path, data, answer, token, metadata)
        self._pool.accepted(path, data)
        self._pool.learn(response)
        return response


@dataclass(slots=True)
class Target:
    """The running system, what the fuzzer knows of it, and the errors that it logged."""

    city: City
    services: dict[str, Started]
    mails: MailServer
    pool: Pool
    errors: deque[str]


@asynccontextmanager
async def a_target(folder: Path) -> AsyncIterator[Target]:
    """Start everything, and play a little of each story."""
    pool = Pool()
    async with AsyncExitStack() as around:
        errors = around.enter_context(_listening())
        city = await around.enter_async_context(a_city(folder))
        mails = await around.enter_async_context(a_mail_server())
        neighbours = await around.enter_async_context(some_neighbours())
        more: dict[str, dict[str, Any]] = {
            "actors": {},
            "funds": {},
            "events": {"public_url": "https://kiez.test"},
            "notify": settings_around(mails, neighbours),
        }
        services = {}
        for name, settings in more.items():
            started = await around.enter_async_context(city.service(name, **settings))
            started.client = Remembering(f"127.0.0.1:{started.running.grpc_port}", name, pool)
            services[name] = started
            around.push_async_callback(started.client.channel.close)
        target = Target(city, services, mails, pool, errors)
        await _play(target)
        yield target


async def _play(target: Target) -> None:
    await _play_funds(target.services["funds"])
    await _play_events(target)
    actors, notify = target.services["actors"], target.services["notify"]
    one = await registered(actors)
    await registered(actors, activate=False)
    await responsible(actors, one.id, "114009")
    await a_follower(notify, target.mails)
    text = {"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag."}
    request = {"region": "114009", "regions": ["114009"], "texts": [text]}
    created = await notify.call("AnnouncementService/CreateAnnouncement", request, COORDINATOR)
    publish = {"announcement_id": created.announcement.id}
    await notify.call("AnnouncementService/PublishAnnouncement", publish, COORDINATOR)


async def play_again(target: Target) -> None:
    """New records for those that have ended."""
    await _play_funds(target.services["funds"])
    await _play_events(target)


async def _play_events(target: Target) -> None:
    events = target.services["events"]
    for capacity in (1, 20):
        mode = {"registration": "REGISTRATION_MODE_PER_DATE", "capacity": capacity}
        event = await publish_event(events, await events.now() + timedelta(days=20), **mode)
        for seats in (1, 1, 1):
            await register(events, event.id, seats)


async def _play_funds(funds: Started) -> None:
    actor = await a_known_actor(funds)
    call = await a_call(funds)
    mine, theirs, draft = await call.apply(), await call.apply(actor_id=actor, sub="kim"), await call.draft()
    await call.check("RequestInfo", theirs, reason="more", info_due_on=call.closes_at.date().isoformat())
    await funds.call("ApplicationService/GetApplication", {"application_id": draft.id}, Role("applicant"), sub="anna")
    grant = await agreed(funds, call.pot)
    await submit_claim(funds, grant, a_receipt_line(berlin_day(await funds.now()), 45_000))
    await a_call(funds, seats=0)
    await call.begin(mine)
    await call.vote(mine, "yes", "yes", "no", "yes", cents=60_000)
    await call.conclude(mine)
    claimed = await agreed(funds, call.pot, payout=Payout.ADVANCE)
    await pay(funds, claimed, 10_000)
    await order(funds, claimed, 5_000)
    await prove(funds, await agreed(funds, call.pot), 30_000, 30_000)
    await _play_ballots(funds)


async def _play_ballots(funds: Started) -> None:
    await propose(funds)
    await routed(funds, "FEASIBLE", cents=0)
    await a_voting(funds, 100, 200, opened=False)
    voting = await a_voting(funds, 40_000, 20_000)
    await voting.begin()
    await voting.cast(voting.codes[0], 0)


@contextmanager
def _listening() -> Iterator[deque[str]]:
    """Keep what is logged as an error, and nothing else: a long run would drown in it."""
    errors: deque[str] = deque(maxlen=200)

    def keep(logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        if method in {"error", "critical", "exception"}:
            error = event.pop("exc_info", None)
            frames = traceback.format_tb(error.__traceback__)[-3:] if isinstance(error, BaseException) else []
            errors.append(f"{dict(event)} {error!r:.500} {''.join(frames)}")
        raise structlog.DropEvent

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(f"{record.name}: {logging.Formatter().format(record)[-1_500:]}")

    kept = Keep(logging.ERROR)
    # Else what uvicorn says of each broken request goes to the terminal.
    uvicorn_log = logging.getLogger("uvicorn.error")
    level = uvicorn_log.level
    uvicorn_log.setLevel(logging.ERROR)
    logging.getLogger().addHandler(kept)
    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    try:
        yield errors
    finally:
        structlog.configure(**before)
        logging.getLogger().removeHandler(kept)
        uvicorn_log.setLevel(level)
