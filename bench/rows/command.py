"""SubmitApplication with 8 in flight, against bare grpc.aio with one transaction of the same writes."""

from collections.abc import Awaitable, Callable
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from bench.measure import Row, in_turns, per_second
from bench.recording import recorded
from bench.rig import Sizes, raw_server, same_indexes, served
from chassis.ports import new_id
from tests.support.city import City
from tests.support.funds import a_pot
from tests.support.funds_round import APPLICANT, Round, a_call

IN_FLIGHT = 8


async def rows(city: City, sizes: Sizes) -> list[Row]:
    turns = max(sizes.calls // 6, 4)
    text = await _recorded(city)
    async with served(city, "funds") as funds:
        there: Any = funds
        # One call for each that is in flight: applications to one call hold its round, and so come one after the other.
        calls = [await a_call(there, pot=await a_pot(there), seats=0, days=60) for _ in range(IN_FLIGHT)]
        wanted = turns * (sizes.rounds + 1)
        ready = [await _ready(calls[number % IN_FLIGHT], funds.caller) for number in range(wanted)]
        await _same_indexes(city, funds.store_name, f"{funds.store_name}_raw")
        file = city.folder / "submit.json"
        file.write_text(text, encoding="utf-8")
        async with raw_server(city, "transaction", city.store_uri, f"{funds.store_name}_raw", str(file)) as ask:

            async def product() -> float:
                return await per_second([ready.pop() for _ in range(turns)], IN_FLIGHT)

            async def raw() -> float:
                await ask(str(turns).encode())
                return await per_second([lambda: ask(b"")] * turns, IN_FLIGHT)

            found = await in_turns(product, raw, sizes.rounds)
    return [Row("command", "calls/s", *found, goal=0.7)]


async def _recorded(city: City) -> str:
    async with city.service("funds") as funds:
        call = await a_call(funds, seats=0)
        draft = await call.draft()
        with recorded() as recording:
            await call.submit(draft)
    return recording.as_text()


async def _ready(call: Round, caller: Callable[..., Any]) -> Callable[[], Awaitable[bytes]]:
    draft = await call.draft()
    fields = {
        "application_id": draft.id,
        "contact_name": "Anna Beispiel",
        "contact_email": f"{draft.id[-12:]}@example.org",
        "request_id": new_id(),
    }
    prepared: Callable[[], Awaitable[bytes]] = caller("ApplicationService/SubmitApplication", APPLICANT, sub="anna")(
        fields
    )
    return prepared


async def _same_indexes(city: City, source: str, target: str) -> None:
    client: Any = AsyncIOMotorClient(city.store_uri)
    for name in await client[source].list_collection_names():
        await client[target].create_collection(name)
        await same_indexes(client[source][name], client[target][name])
    client.close()
