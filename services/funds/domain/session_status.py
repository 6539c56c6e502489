"""Where a session is in its life, and how it is held."""

from enum import StrEnum


class SessionStatus(StrEnum):
    PLANNED = "planned"
    INVITED = "invited"
    OPEN = "open"
    CLOSED = "closed"
    MINUTES_APPROVED = "minutes_approved"
    CANCELLED = "cancelled"


class SessionKind(StrEnum):
    """How it decides: members who meet, members in writing, or everybody who comes."""

    MEETING = "meeting"
    WRITTEN_PROCEDURE = "written_procedure"
    ASSEMBLY = "assembly"
