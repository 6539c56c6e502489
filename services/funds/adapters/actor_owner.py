"""Asks actors for one that has not been heard of here yet: its message may still be on the way."""

from chassis import codec
from chassis.ports import Trail
from chassis.refusals import NotFound
from chassis.rpc import Neighbour
from kiezwerk.actors.v1 import actor_pb2 as pb
from services.funds.domain.known_actor import KnownActor

SECONDS = 2.0


class GrpcActorOwner:
    def __init__(self, actors: Neighbour) -> None:
        self._actors = actors

    async def ask(self, actor_id: str, trail: Trail) -> KnownActor | None:
        request = pb.GetActorRequest(actor_id=actor_id)
        method = "/kiezwerk.actors.v1.ActorService/GetActor"
        try:
            answer = await self._actors.call(method, request, pb.GetActorResponse, seconds=SECONDS, trail=trail)
        except NotFound:
            return None
        return codec.read(answer.actor, KnownActor)
