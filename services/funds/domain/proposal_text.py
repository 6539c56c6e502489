"""The words of a proposal: as somebody handed them in, and as the office lets everyone read them."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chassis.fields import Keyword, Line, OptionalLine, Text


@dataclass(frozen=True, slots=True)
class ProposalText:
    """`place` is where it would be done, in words; topics are single words in lower case."""

    title: Line
    description: Annotated[Text, MaxLen(5_000)]
    place: OptionalLine = ""
    topics: Annotated[tuple[Keyword, ...], MaxLen(10)] = ()
