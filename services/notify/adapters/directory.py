"""Asks the services who know a person for name and address, at the moment of sending."""

from collections.abc import Mapping
from typing import Any

from chassis.ports import Trail
from chassis.rpc import Neighbour
from kiezwerk.events.v1 import contact_pb2 as events_pb
from kiezwerk.funds.v1 import contact_pb2 as funds_pb
from services.notify.domain.language import Language
from services.notify.domain.notification import Source
from services.notify.domain.person import Person

SECONDS = 2.0
_STUBS: Mapping[Source, Any] = {Source.FUNDS: funds_pb, Source.EVENTS: events_pb}


class GrpcDirectory:
    def __init__(self, neighbours: Mapping[Source, Neighbour]) -> None:
        self._neighbours = neighbours

    async def resolve(self, source: Source, person_ref: str, trail: Trail) -> Person:
        stubs = _STUBS[source]
        answer = await self._neighbours[source].call(
            f"/kiezwerk.{source}.v1.ContactService/ResolveContact",
            stubs.ResolveContactRequest(person_ref=person_ref),
            stubs.ResolveContactResponse,
            seconds=SECONDS,
            trail=trail,
        )
        language = Language.EN if answer.language == Language.EN else Language.DE
        return Person(person_ref, answer.name, answer.email, language)
