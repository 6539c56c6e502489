"""GetActor with 32 in flight, against a bare grpc.aio handler with one `find_one` of the same documents."""

from functools import partial
from itertools import cycle, islice

from bench.measure import Row, in_turns, per_second
from bench.rig import Served, Sizes, raw_server, served
from tests.support.actors import COORDINATOR, a_profile_request
from tests.support.city import City

IN_FLIGHT = 32
# More than are in flight: no two callers ask for the same one at a time.
ACTORS = 100


async def rows(city: City, sizes: Sizes) -> list[Row]:
    async with served(city, "actors") as actors:
        ids = [await _an_actor(actors) for _ in range(ACTORS)]
        caller = actors.caller("ActorService/GetActor")
        calls = [caller({"actor_id": id}) for id in ids]
        async with raw_server(city, "read", city.store_uri, actors.store_name, "actors") as ask:
            asks = [partial(ask, id.encode()) for id in ids]

            async def product() -> float:
                return await per_second(islice(cycle(calls), sizes.calls), IN_FLIGHT)

            async def raw() -> float:
                return await per_second(islice(cycle(asks), sizes.calls), IN_FLIGHT)

            found = await in_turns(product, raw, sizes.rounds)
    return [Row("unary read", "calls/s", *found, goal=0.85)]


async def _an_actor(actors: Served) -> str:
    request = {"profile": a_profile_request(), "activate": True}
    return str((await actors.call("ActorService/RegisterActor", request, COORDINATOR)).actor.id)
