"""The rules of a fund as data: districts differ, so nothing here is a constant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import CentsOrZero, Line
from services.funds.domain.refusals.fund import RulesContradict

Count = Annotated[int, Ge(0), Le(10_000)]


class DecisionBody(StrEnum):
    JURY = "jury"
    ASSEMBLY = "assembly"
    OFFICE = "office"


class Majority(StrEnum):
    """Of votes: yes > no. Of members: 2·yes > seats filled. Two thirds: 3·yes >= 2·(yes + no)."""

    OF_VOTES = "of_votes"
    OF_MEMBERS = "of_members"
    TWO_THIRDS = "two_thirds"


class LateApplications(StrEnum):
    NEXT_ROUND = "next_round"
    REFUSE = "refuse"


class Payout(StrEnum):
    REIMBURSEMENT = "reimbursement"
    ADVANCE = "advance"


class ApplicantKind(StrEnum):
    """A private person, or an actor of this kind."""

    PRIVATE_PERSON = "private_person"
    ASSOCIATION = "association"
    INITIATIVE = "initiative"
    COMPANY = "company"
    FACILITY = "facility"
    PUBLIC_AUTHORITY = "public_authority"
    WELFARE_ASSOCIATION = "welfare_association"
    HOUSING_COMPANY = "housing_company"
    QUARTER_MANAGEMENT = "quarter_management"
    BODY = "body"
    RELIGIOUS_COMMUNITY = "religious_community"
    EDUCATIONAL_INSTITUTION = "educational_institution"


@dataclass(frozen=True, slots=True)
class FundRules:
    """`cap_cents` 0: no maximum. The quorum is a percentage of the seats filled or a count of members, not both.

    `jury_least` is how many must sit for a jury to decide at all; `term_notice_days` before a term ends it is said.

    `who_may_apply` empty: everyone. `proof_reminder_days` are days after the proof is due; negative ones come before.
    """

    decision_body: DecisionBody
    cap_cents: CentsOrZero = 0
    cap_exception_allowed: bool = False
    quorum_percent: Count = 0
    quorum_count: Count = 0
    majority: Majority = Majority.OF_VOTES
    recused_count_for_quorum: bool = False
    jury_size: Count = 0
    resident_share_percent: Count = 0
    minimum_age: Count = 0
    term_years: Count = 0
    rolling: bool = False
    late: LateApplications = LateApplications.REFUSE
    payout: Payout = Payout.REIMBURSEMENT
    proof_due_days: Count = 28
    proof_reminder_days: Annotated[tuple[Annotated[int, Ge(-365), Le(365)], ...], MaxLen(12)] = (-14, -3, 1, 14)
    excluded_costs: Annotated[tuple[Line, ...], MaxLen(50)] = ()
    lump_sum_percent: Count = 0
    four_eyes: bool = False
    who_may_apply: Annotated[tuple[ApplicantKind, ...], MaxLen(20)] = ()
    written_procedure_allowed: bool = False
    jury_least: Count = 0
    term_notice_days: Count = 60
    refund_due_days: Count = 28

    def checked(self) -> "FundRules":
        """These rules, or a refusal that names every field that cannot be so."""
        if problems := {**self._out_of_range(), **self._against_each_other()}:
            raise RulesContradict({f"rules.{field}": says for field, says in problems.items()})
        return self

    def admits(self, kind: ApplicantKind) -> bool:
        return not self.who_may_apply or kind in self.who_may_apply

    def quorate(self, present: int, seats: int) -> bool:
        """Whether so many of the members are enough to decide; a quorum is never nobody."""
        needed = self.quorum_count or -(-seats * self.quorum_percent // 100)
        return present >= max(needed, 1)

    def _out_of_range(self) -> dict[str, str]:
        percents = ("quorum_percent", "resident_share_percent", "lump_sum_percent")
        found = {name: "must be from 0 to 100" for name in percents if not 0 <= getattr(self, name) <= 100}
        if self.minimum_age > 99:
            found["minimum_age"] = "must be from 0 to 99"
        if self.proof_due_days == 0:
            found["proof_due_days"] = "must be at least one day"
        if self.refund_due_days == 0:
            found["refund_due_days"] = "must be at least one day"
        return found

    def _without_jury(self) -> dict[str, str]:
        needs_one = {"jury_size": "only a jury has seats", "jury_least": "only a jury has members"}
        needs_one["written_procedure_allowed"] = "only a jury decides in writing"
        return {name: says for name, says in needs_one.items() if getattr(self, name)}

    def _against_each_other(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.quorum_percent and self.quorum_count:
            found["quorum_count"] = "give a percentage or a count, not both"
        if self.decision_body is DecisionBody.JURY:
            if not self.quorum_percent and not self.quorum_count:
                found["quorum_percent"] = "a jury needs a quorum: a percentage or a count"
            if not self.jury_size:
                found["jury_size"] = "a jury needs its number of seats"
            elif self.quorum_count > self.jury_size:
                found["quorum_count"] = f"the jury has only {self.jury_size} seats"
            if self.jury_least > self.jury_size:
                found["jury_least"] = f"the jury has only {self.jury_size} seats"
        else:
            found |= self._without_jury()
        if self.cap_exception_allowed and not self.cap_cents:
            found["cap_exception_allowed"] = "there is no cap to except from"
        if self.rolling and self.late is LateApplications.NEXT_ROUND:
            found["late"] = "a rolling fund has no next round"
        return found
