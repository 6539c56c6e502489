"""One run: waves of calls, pages and messages from a seed, and the checks after them."""

import asyncio
import ctypes
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.ports import Role, new_id
from tests.faults.fuzz.calls import SET_TIME, Calls, jumps
from tests.faults.fuzz.letters import Post
from tests.faults.fuzz.pages import TURN, Pages, page_complaint
from tests.faults.fuzz.report import Report
from tests.faults.fuzz.rules import BUSY, Answer, Case, complaint
from tests.faults.fuzz.stories import play_again
from tests.faults.fuzz.target import Step, Target
from tests.support.city import eventually
from tests.support.notify import plain

WAVE = 96
# Most records end sooner or later: so often there are new ones (each time the funds' calendar moves some days).
REPLAY_WAVES = 20
MOST_REPLAYS = 40
# A step of a story is tried in so many variants: while its rpc was never accepted, and then once in a while.
TRIES = 3
OFTEN = 11
SHARED = ("/kiezwerk.operator.", "/kiezwerk.lab.")
FURTHEST = timedelta(days=100)
# In so many calls each rpc and each route is accepted at least once.
LONG_RUN = 50_000
# Kept by design, all bounded: pools of ids, tokens and accepted requests, caches of the driver and of pydantic; what
# malloc keeps of the largest requests (4 MiB each, several at once) is most of it.
MARGIN_BYTES = 64 * 1024 * 1024
REDRIVE_SECONDS = 300.0
DRAIN_SECONDS = 120.0
MOST_AWAY = 0.01


class Campaign:
    """`ratio` of a number is a page or a message instead of a call, so that one count covers all three."""

    def __init__(self, target: Target, seed: str) -> None:
        self._target, self._seed = target, seed
        self.calls = Calls(target.city, target.services, target.pool, seed)
        self.pages = Pages(target.services, target.pool, seed)
        self.post = Post(target.city.nats_url, target.services, target.pool, seed)
        self.report = Report(expected=frozenset(self.pages.asked | self.calls.kinds))
        self._plays = self._variants = 0

    async def run(self, count: int, told: Callable[[int], None] = lambda done: None) -> Report:
        """Send so many, then look whether everything still stands; `told` hears how many are done."""
        for start in range(0, count, WAVE):
            numbers = range(start, min(start + WAVE, count))
            if start // WAVE % max(REPLAY_WAVES, count // WAVE // MOST_REPLAYS) == REPLAY_WAVES - 1:
                await self._play_again()
            await self._wave(numbers)
            if numbers.stop * 10 >= count * (len(self.report.resident) + 1):
                self.report.resident.append(resident_bytes())
            told(numbers.stop)
            if len(self.report.failures) > 20:
                break
        if self.report.grown_bytes > MARGIN_BYTES:
            self.report.failures.append(f"memory grew by {self.report.grown_bytes / 2**20:.0f} MiB after the warm-up")
        if count >= LONG_RUN:
            self.report.failures.extend(f"{kind} was never accepted" for kind in self.report.never_accepted())
        await self._check_after()
        return self.report

    async def replay(self, number: int) -> tuple[Case, Answer]:
        """The run up to this number, for what it teaches the pool, then this one alone."""
        for start in range(0, number - number % WAVE, WAVE):
            await self._wave(range(start, start + WAVE))
        case = self.make(number)
        return case, await self._send(case)

    def make(self, number: int) -> Case:
        is_page = number % TURN == 0 or Random(f"{self._seed}:kind:{number}").random() < 0.15
        return self.pages.make(number) if is_page else self.calls.make(number)

    async def _play_again(self) -> None:
        """New records, and on the way to them hostile variants of each step, by whom and when it is done."""
        for name, client in self._target.clients.items():
            client.instead = self._instead(name)
        await play_again(self._target.services, self._plays)
        for client in self._target.clients.values():
            client.instead = None
        self._plays += 1

    def _instead(self, service: str) -> Step:
        async def first_accepted(rpc: str, data: bytes, token: str) -> bytes | None:
            """The answer to the first variant that is carried out."""
            if rpc == SET_TIME and jumps(data, self._now(service), FURTHEST):
                raise ValueError("a variant has led this story too far into the future")
            if rpc.startswith(SHARED) or (self.report.accepted[rpc.strip("/")] and self._variants % OFTEN):
                self._variants += 1
                return None
            for _ in range(TRIES):
                self._variants += 1
                case = self.calls.variant(-self._variants, service, rpc, data, token)
                answer = await self.calls.send(case)
                self._judge(case, answer)
                if answer.code == "OK":
                    return answer.data
            return None

        return first_accepted

    def _now(self, service: str) -> datetime:
        return self._target.services[service].running.service.store.clock.now()

    async def _wave(self, numbers: range) -> None:
        cases = [self.make(number) for number in numbers]
        letters = [self.post.make(number) for number in numbers if number % 16 == 0]
        answers, _ = await asyncio.gather(asyncio.gather(*map(self._send, cases)), self.post.send(letters))
        for letter in letters:
            self.report.note(f"message {letter.subject.split('.')[2]}", "sent", is_ok=True)
        for case, answer in zip(cases, answers, strict=True):
            self._judge(case, answer)
        self._read_mails()

    def _read_mails(self) -> None:
        for mail in self._target.mails.mails:
            self._target.pool.read(plain(mail))
        self._target.mails.mails.clear()

    async def _send(self, case: Case) -> Answer:
        return await (self.pages.send(case) if case.rpc.startswith("HTTP") else self.calls.send(case))

    def _judge(self, case: Case, answer: Answer) -> None:
        is_page = case.rpc.startswith("HTTP")
        kind = self.pages.kind_of(case) if is_page else case.rpc.strip("/").partition("/Unknown")[0]
        self.report.note(kind, answer.code, is_ok="200" <= answer.code < "400" or answer.code == "OK")
        self.report.reasons[answer.reason] += 1
        if answer.reason in BUSY:
            self.report.codes["busy"] += 1
        wrong = page_complaint(case, answer) if is_page else complaint(case, answer)
        if wrong:
            self.report.failures.append(self.told(case, answer, wrong))
        elif not is_page:
            self.calls.learn(case, answer)

    def told(self, case: Case, answer: Answer, wrong: str) -> str:
        """One line of JSON that `make fuzz ARGS="--replay FILE"` reads, the answer beside it."""
        metadata = [
            [k, v if isinstance(v, str) else v.hex(), isinstance(v, str)]
            for k, v in case.metadata
            if k != "authorization" or case.hostile_metadata
        ]
        told = {
            "wrong": wrong, "seed": self._seed, "number": case.number, "service": case.service, "rpc": case.rpc,
            "metadata": metadata, "seconds": case.seconds, "request": case.data[:20_000].hex(), "bytes": len(case.data),
            "answer": [answer.code, answer.reason, answer.sentence[:500], answer.data[:200].hex()],
        }  # fmt: skip
        return json.dumps(told)

    async def _check_after(self) -> None:
        sent = sum(self.report.calls.values())
        if self.report.codes["busy"] > max(5, sent * MOST_AWAY):
            self.report.failures.append(f"the store or a neighbour was away {self.report.codes['busy']} times")
        for name in self._target.services:
            await self._check_service(name)
        verified = await self._target.services["funds"].call(
            "LedgerService/VerifyLedger", {"region": "00"}, Role("auditor")
        )
        if not verified.correct:
            self.report.failures.append(f"the ledger differs: {verified.differences}")
        self.report.failures.extend(f"logged: {error}" for error in self._target.errors)

    async def _check_service(self, name: str) -> None:
        started = self._target.services[name]
        health: Any = health_pb2_grpc.HealthStub(started.client.channel)
        serving = await health.Check(health_pb2.HealthCheckRequest(), timeout=10)
        if serving.status != health_pb2.HealthCheckResponse.SERVING:
            self.report.failures.append(f"{name} is not serving")
        async with httpx.AsyncClient(base_url=started.http) as browser:
            ready = await browser.get("/readyz")
        if ready.status_code != 200:
            self.report.failures.append(f"{name} is not ready: {ready.text}")
        await self._check_ears(name)
        await self._check_parked(name)
        await self._check_outbox(name)

    async def _check_ears(self, name: str) -> None:
        """Every durable took all of its messages, junk or not."""
        started = self._target.services[name]
        jetstream = self._target.city.jetstream

        async def is_done() -> bool:
            infos = [
                await jetstream.consumer_info(started.running.hearing.stream_of(d), d)
                for d in started.running.hearing.ears
            ]
            return all(info.num_pending == 0 and info.num_ack_pending == 0 for info in infos)

        try:
            await eventually(is_done, DRAIN_SECONDS)
        except AssertionError:
            self.report.failures.append(f"{name} does not get through what it hears")

    async def _check_parked(self, name: str) -> None:
        """What is parked has a reason that is no bug of ours, and driving all of it again harms nothing."""
        started = self._target.services[name]
        for durable in started.running.hearing.ears:
            async for row in started.running.inbox.all_parked(durable):
                self.report.parked[row.reason] += 1
                if row.reason in {"HANDLER_FAILED", "DELIVERED_TOO_OFTEN", ""} or not row.sentence:
                    self.report.failures.append(
                        f"{name} parked {row.type}: {row.reason} {row.sentence} {row.headers} {row.body[:600]}"
                    )
            # There are thousands, and an operator waits for as long.
            started.client.seconds = REDRIVE_SECONDS
            await started.call(
                "kiezwerk.operator.v1.OperatorService/RedriveParked", {"durable": durable}, Role("operator")
            )
            async for row in started.running.inbox.all_parked(durable):
                if row.reason == "HANDLER_FAILED":
                    self.report.failures.append(
                        f"{name} redrove {row.type}: {row.sentence} {row.headers} {row.body[:600]}"
                    )

    async def _check_outbox(self, name: str) -> None:
        started = self._target.services[name]
        if not await started.running.relay.flush(30):
            status = await started.running.relay.status()
            self.report.failures.append(f"{name} has unpublished facts: {status}")


def resident_bytes() -> int:
    """What this process holds, once malloc has given back what it can; 0 where /proc is not."""
    with suppress(OSError):
        ctypes.CDLL(None).malloc_trim(0)
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096
    return 0


def a_seed() -> str:
    return new_id()[-12:]
