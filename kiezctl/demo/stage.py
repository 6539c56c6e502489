"""The stage: how the acts ask the services, move the calendar, and say what happens."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import grpc
import httpx
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from uuid6 import uuid7

from kiezctl.clocks import Clocks
from kiezctl.demo.deviation import Deviation
from kiezctl.demo.mailroom import Letter, Mailroom
from kiezctl.demo.narrator import Narrator
from kiezctl.demo.outsider import Outsider, missing
from kiezctl.demo.people import Person
from kiezctl.endpoints import Endpoints
from kiezctl.issuer import LocalIssuer
from kiezctl.ports import SERVICES
from kiezctl.trouble import Trouble, reason_of, told
from kiezctl.wire import open_channel

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
CALL_SECONDS = 10.0


class Stage:
    """One performance: the running system, who plays, who listens."""

    def __init__(
        self, run: Endpoints, issuer: LocalIssuer, web: httpx.AsyncClient, outsider: Outsider, narrator: Narrator
    ) -> None:
        self.run, self._issuer, self._web = run, issuer, web
        self.outsider, self.narrator = outsider, narrator
        self._channels = {name: open_channel(run.grpc(name)) for name in SERVICES}
        self._clocks = Clocks(run, self._channels)
        self._tokens: dict[Person, str] = {}
        self._sentence = ""

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()

    async def ask(self, who: Person, request: Message) -> Any:
        """Call the rpc that this request belongs to; the same `request_id` again while the service answers UNAVAILABLE."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not getattr(request, "request_id", ""):
            request.request_id = str(uuid7())  # type: ignore[attr-defined]  # just looked up
        return await self._patiently(lambda: self._call(who, request))

    async def refused(self, who: Person, request: Message, reason: str) -> None:
        """The same call, which the rules must refuse with this reason; raises Deviation."""
        try:
            await self.ask(who, request)
        except grpc.aio.AioRpcError as error:
            if reason_of(error) == reason:
                return
            raise self.deviation(f"a refusal {reason}", f"{reason_of(error) or error.code().name}") from None
        raise self.deviation(f"a refusal {reason}", "the call succeeded")

    async def _call(self, who: Person, request: Message) -> Any:
        (service,) = request.DESCRIPTOR.file.services_by_name.values()
        method = service.methods_by_name[request.DESCRIPTOR.name.removesuffix("Request")]
        call: Any = self._channels[service.full_name.split(".")[1]].unary_unary(
            f"/{service.full_name}/{method.name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(cast("Any", method.output_type)).FromString,
        )
        return await call(request, metadata=self._metadata(who), timeout=CALL_SECONDS)

    def _metadata(self, who: Person) -> tuple[tuple[str, str], ...]:
        if not who.sub:
            return ()
        if who not in self._tokens:
            self._tokens[who] = self._issuer.token(who.sub, *who.grants)
        return (("authorization", f"Bearer {self._tokens[who]}"),)

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Repeat while what is needed is away, for 30 s."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await call()
            except (grpc.aio.AioRpcError, OSError, httpx.TransportError) as error:
                away = not isinstance(error, grpc.aio.AioRpcError) or error.code() is grpc.StatusCode.UNAVAILABLE
                if not away or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.3)

    async def http(self, method: str, url: str, **more: Any) -> httpx.Response:
        """A request to a page that anyone can reach."""
        return await self._patiently(lambda: self._web.request(method, url, **more))

    async def now(self) -> datetime:
        return await self._patiently(self._clocks.read)

    async def move(self, moment: datetime) -> None:
        """Move the calendar forward, and wait until all that was due has happened."""

        async def once() -> None:
            if await self._clocks.behind(moment):
                await self._clocks.move(moment.astimezone(UTC))

        await self._patiently(once)

    async def settle(self) -> None:
        """Wait until every service has heard what the others said, and the outsider too."""
        await self._patiently(self._clocks.quiet)
        await self._patiently(self.outsider.catch_up)

    async def act(self, number: int, title: str, moment: datetime) -> None:
        """Begin an act on its day."""
        await self.move(moment)
        self.narrator.act(number, title, await self.now())

    @asynccontextmanager
    async def step(self, sentence: str, hears: Iterable[str] = ()) -> AsyncIterator[None]:
        """Do one step, then say it; `hears` names the facts that the outsider must receive meanwhile."""
        self._sentence = sentence
        before = len(self.outsider.heard)
        try:
            yield
            await self.settle()
        except Deviation:
            raise
        except (grpc.aio.AioRpcError, OSError, httpx.HTTPError, Trouble) as error:
            raise self.deviation("that it succeeds", told(error) or repr(error)) from error
        heard = self.outsider.heard[before:]
        self.narrator.step(sentence, heard)
        lacking = missing(heard, hears)
        if lacking:
            raise self.deviation(f"that the subscriber hears {', '.join(lacking)}", "it did not")

    def expect(self, what: str, wanted: object, found: object) -> None:
        """Raise Deviation unless what was found is what the story says."""
        if wanted != found:
            raise self.deviation(f"{what} {wanted}", f"{found}")

    async def eventually(self, what: str, look: Callable[[], Awaitable[T]]) -> T:
        """The first truthy answer of `look` within 30 s; raises Deviation."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self._patiently(look)
            if answer:
                return answer
            if time.monotonic() > deadline:
                raise self.deviation(what, "it did not happen within 30 s")
            await asyncio.sleep(0.1)

    async def mail(self, mailroom: Mailroom, address: str, count: int, what: str) -> list[Letter]:
        """The letters to an address, as soon as there are `count` of them."""

        async def look() -> list[Letter]:
            letters = await mailroom.to(address)
            return letters if len(letters) >= count else []

        return await self.eventually(f"a mail to {address}: {what}", look)

    def deviation(self, wanted: str, found: str) -> Deviation:
        number = self.narrator.steps + 1
        return Deviation(f"The story deviates at step {number} ({self._sentence}): expected {wanted}; found: {found}.")
