"""The story so far: what an act leaves to those after it."""

from dataclasses import dataclass, field

from kiezctl.demo.figures import Calendar
from kiezctl.demo.mailroom import Mailroom


@dataclass
class Story:
    """Ids by the short names of the story ("SODI", "garden")."""

    calendar: Calendar
    mailroom: Mailroom
    actors: dict[str, str] = field(default_factory=dict)
    delivered_before: int = 0
    fund_id: str = ""
    budget_id: str = ""
    round_id: str = ""
    jury_id: str = ""
    members: list[str] = field(default_factory=list)
    session_id: str = ""
    applications: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
