"""What is said of jury sessions: when and where to everybody, the totals once the minutes are approved."""

from datetime import datetime

from chassis.envelope import Body, Published

_WHY = "Sessions are announced, and their results published."


class SessionState(Body):
    """A session without agenda, members and votes. status is planned, invited, open, closed, minutes_approved, cancelled.

    `kind` is meeting, written_procedure (votes come in until `ends_at`, the end of a day) or assembly (`jury_id` is empty).
    """

    id: str
    region: str
    fund_id: str
    fund_name: str
    jury_id: str
    budget_id: str
    round_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    kind: str = "meeting"


class AgendaLine(Body):
    """One application as the invitation names it; a private person's project has no title."""

    number: int
    application_id: str
    title: str
    requested_cents: int


class Procedure(Body):
    """The rules that held for the votes, and from which every result follows; `seats` are those filled, 0 in an assembly.

    The quorum is `quorum_count`, or `quorum_percent` of the seats rounded up, and never less than one. majority is of_votes (yes > no),
    of_members (2 yes > seats; in an assembly, > present) or two_thirds (3 yes >= 2 (yes + no)); without a yes nothing is carried.
    Who is present counts for the quorum, who is recused only with `recused_count_for_quorum`.
    The hash is SHA-256 over these fields as JSON with sorted keys and without spaces.
    """

    quorum_percent: int
    quorum_count: int
    majority: str
    recused_count_for_quorum: bool
    cap_exception_allowed: bool
    seats: int
    rules_version: int


class ItemResult(Body):
    """How one item ended: outcome awarded, declined, deferred or withdrawn; votes as totals.

    `approved_cents` is what the award gives when the minutes are approved: 0 where it was taken back by the office.

    `present` were there when it was concluded, `recused_present` of them recused; in a written procedure those who voted.
    A vote counts though its member has left since: `took_part` is how many were there at the end or had voted before, and
    no fewer than yes, no, abstain and `recused_present` together.
    """

    number: int
    outcome: str
    approved_cents: int
    yes: int
    no: int
    abstain: int
    recused: int
    present: int = 0
    recused_present: int = 0
    took_part: int = 0


class SessionPlanned(Published, audience="pub", why=_WHY):
    """A jury meets; when and where."""

    state: SessionState


class SessionMoved(Published, audience="pub", why=_WHY):
    """Another time or place."""

    state: SessionState
    previous_starts_at: datetime


class SessionInvited(Published, audience="int", why="Who is invited, and what stands on the agenda, touches persons."):
    """The members to invite, by person_ref; said again when a session moves after its invitation."""

    state: SessionState
    member_refs: tuple[str, ...]
    agenda: tuple[AgendaLine, ...]


class SessionOpened(Published, audience="pub", why=_WHY):
    """Enough members came: `present` of `seats`. `procedure_sha256` is the hash of the rules that hold for its votes.

    An assembly has no seats, and in a written procedure nobody is present.
    """

    state: SessionState
    present: int
    seats: int
    procedure_sha256: str
    procedure: Procedure | None = None


class SessionClosed(Published, audience="pub", why=_WHY):
    """The session is over; how many items ended how."""

    state: SessionState
    awarded: int
    declined: int
    deferred: int


class SessionReopened(Published, audience="pub", why=_WHY):
    """A correction opened an item again, so the closed session goes on."""

    state: SessionState


class SessionCancelled(Published, audience="pub", why=_WHY):
    """The session does not take place; its items wait for another."""

    state: SessionState


class MinutesApproved(Published, audience="pub", why="Results are public as totals; votes by name are not."):
    """The result of the session: every item, without names and titles."""

    state: SessionState
    results: tuple[ItemResult, ...]
    procedure: Procedure | None = None
    requested_cents: int
    approved_cents: int
