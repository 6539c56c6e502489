"""How a paper on which money rests is said."""

from datetime import date

from chassis.envelope import Body


class ReferenceState(Body):
    kind: str
    number: str
    body: str
    dated: date | None
    uri: str
