"""GetActor with 32 in flight, against a bare grpc.aio handler with one `find_one` of the same document."""

from bench.measure import Row, in_turns, per_second
from bench.rig import Sizes, raw_server, served
from tests.support.actors import COORDINATOR, a_profile_request
from tests.support.city import City

IN_FLIGHT = 32


async def rows(city: City, sizes: Sizes) -> list[Row]:
    async with served(city, "actors") as actors:
        request = {"profile": a_profile_request(), "activate": True}
        answer = await actors.call("ActorService/RegisterActor", request, COORDINATOR)
        id = answer.actor.id
        call = actors.caller("ActorService/GetActor")({"actor_id": id})
        async with raw_server(city, "read", city.store_uri, actors.store_name, "actors") as ask:

            async def product() -> float:
                return await per_second([call] * sizes.calls, IN_FLIGHT)

            async def raw() -> float:
                return await per_second([lambda: ask(id.encode())] * sizes.calls, IN_FLIGHT)

            found = await in_turns(product, raw, sizes.rounds)
    return [Row("unary read", "calls/s", *found, goal=0.85)]
