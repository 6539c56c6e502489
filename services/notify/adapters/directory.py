"""Asks the services who know a person for name and address, at the moment of sending."""

from collections.abc import Mapping
from typing import Any

from chassis.ports import Trail
from chassis.rpc import Neighbour
from kiezwerk.events.v1 import contact_pb2 as events_pb
from kiezwerk.funds.v1 import contact_pb2 as funds_pb
from services.notify.domain.language import Language
from services.notify.domain.notification import Recipient, Source
from services.notify.domain.person import Person
from services.notify.usecases.ports import Contact

SECONDS = 2.0
LINKS = ("cancel_url", "confirm_url")
_STUBS: Mapping[Source, Any] = {Source.FUNDS: funds_pb, Source.EVENTS: events_pb}


class GrpcDirectory:
    def __init__(self, neighbours: Mapping[Source, Neighbour]) -> None:
        self._neighbours = neighbours

    async def resolve(self, recipient: Recipient, registration_id: str, trail: Trail) -> Contact:
        source = recipient.source
        stubs = _STUBS[source]
        about = {"registration_id": registration_id} if registration_id else {}
        answer = await self._neighbours[source].call(
            f"/kiezwerk.{source}.v1.ContactService/ResolveContact",
            stubs.ResolveContactRequest(person_ref=recipient.ref, **about),
            stubs.ResolveContactResponse,
            seconds=SECONDS,
            trail=trail,
        )
        language = Language.EN if answer.language == Language.EN else Language.DE
        links = {name: getattr(answer, name, "") for name in LINKS}
        return Contact(Person(recipient.ref, answer.name, answer.email, language), links)
