"""What funds says of funds and their rules."""

from chassis.envelope import Body, Published
from services.funds.messages.published.reference import ReferenceState

WHY = "The rules by which public money is given are public."


class FundRulesState(Body):
    """`first_year` and `last_year` 0: open; `grant_years` 0: as 1; `region_minimum_cents` in cents."""

    decision_body: str
    cap_cents: int
    cap_exception_allowed: bool
    quorum_percent: int
    quorum_count: int
    majority: str
    recused_count_for_quorum: bool
    jury_size: int
    resident_share_percent: int
    minimum_age: int
    term_years: int
    rolling: bool
    late: str
    payout: str
    proof_due_days: int
    proof_reminder_days: tuple[int, ...]
    excluded_costs: tuple[str, ...]
    lump_sum_percent: int
    four_eyes: bool
    who_may_apply: tuple[str, ...]
    receipts_only: bool = False
    first_year: int = 0
    last_year: int = 0
    grant_years: int = 0
    region_minimum_cents: int = 0
    written_procedure_allowed: bool = False
    jury_least: int = 0
    term_notice_days: int = 60
    refund_due_days: int = 28


class FundState(Body):
    id: str
    region: str
    kind: str
    name: str
    office_actor_id: str
    rules: FundRulesState
    rules_version: int
    references: tuple[ReferenceState, ...]


class FundCreated(Published, audience="pub", why=WHY):
    """A fund exists, with its rules."""

    state: FundState


class FundRulesChanged(Published, audience="pub", why=WHY):
    """The fund has new rules; what is open keeps the version that it froze."""

    state: FundState
    reason: str
