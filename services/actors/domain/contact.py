"""How an actor is reached, and who may know it: the only part of an actor that can name a person."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Email, HttpsUrl, Line, OptionalLine
from lor import Region


class Visibility(StrEnum):
    """Who sees a contact: everybody, the partners of the network, or those who keep the record."""

    PUBLIC = "public"
    PARTNERS = "partners"
    INTERNAL = "internal"

    def covers(self, contact: "Visibility") -> bool:
        """Whether a reader with this clearance sees a contact of that visibility."""
        order = (Visibility.PUBLIC, Visibility.PARTNERS, Visibility.INTERNAL)
        return order.index(contact) <= order.index(self)


@dataclass(frozen=True, slots=True)
class Contact:
    """A function ("Stadtteilkoordination", "Raumvergabe") and its ways in. Unless told otherwise it is internal."""

    function: Line
    name: OptionalLine = ""
    phone: OptionalLine = ""
    email: Email | None = None
    url: HttpsUrl | None = None
    regions: Annotated[tuple[Region, ...], MaxLen(50)] = ()
    visibility: Visibility = Visibility.INTERNAL
