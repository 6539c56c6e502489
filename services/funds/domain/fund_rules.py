"""The rules of a fund as data: districts differ, so nothing here is a constant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import CentsOrZero, Check, Line
from services.funds.domain.refusals.fund import RulesContradict

Count = Annotated[int, Ge(0), Le(10_000)]
RuleYear = Annotated[int, Check(lambda v: v == 0 or 2000 <= v <= 2200, "must be a year from 2000 to 2200, or 0")]
# Above these a number is a slip of the hand. More seats than these would not find room in the record of who is present.
MOST = {
    "jury_size": 50,
    "minimum_age": 99,
    "term_years": 20,
    "grant_years": 10,
    "proof_due_days": 3_650,
    "refund_due_days": 3_650,
    "term_notice_days": 3_650,
}
# What has a meaning for a jury alone.
OF_A_JURY = (
    *("jury_size", "jury_least", "resident_share_percent", "term_years", "quorum_percent"),
    "written_procedure_allowed",
)
# What an office that decides by itself has no use for, beside that.
OF_A_VOTE = ("quorum_count", "recused_count_for_quorum", "minimum_age")


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

    `who_may_apply` empty: everyone. `proof_reminder_days` are days after the proof is due; negative ones come before.
    `receipts_only`: no cost counts without a receipt, but for the lump sum. `first_year`, `last_year`: in which years the
    fund gives, 0 is open. `jury_size` is the most seats, `jury_least` how many must sit for a jury to decide at all;
    `term_notice_days` before a term ends it is said. `grant_years`: in how many years one award may get money, 0 as 1.
    `region_minimum_cents`: the least part when a total is shared.
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
    receipts_only: bool = False
    first_year: RuleYear = 0
    last_year: RuleYear = 0
    grant_years: Count = 0
    region_minimum_cents: CentsOrZero = 0
    written_procedure_allowed: bool = False
    jury_least: Count = 0
    term_notice_days: Count = 60
    refund_due_days: Count = 28

    def checked(self) -> "FundRules":
        """These rules, or a refusal that names every field that cannot be so."""
        found = (self._out_of_range(), self._repeated(), self._of_the_body(), self._of_money(), self._of_time())
        if problems := {field: says for part in found for field, says in part.items()}:
            raise RulesContradict({f"rules.{field}": says for field, says in problems.items()})
        return self

    def admits(self, kind: ApplicantKind) -> bool:
        return not self.who_may_apply or kind in self.who_may_apply

    def quorate(self, present: int, seats: int) -> bool:
        """Whether so many of the members are enough to decide; a quorum is never nobody."""
        needed = self.quorum_count or -(-seats * self.quorum_percent // 100)
        return present >= max(needed, 1)

    def gives_in(self, year: int) -> bool:
        """Whether the fund gives money in this year."""
        return self.first_year <= year <= (self.last_year or year)

    @property
    def most_years(self) -> int:
        """In how many years, one after the other, an award may get money."""
        return max(self.grant_years, 1)

    def _out_of_range(self) -> dict[str, str]:
        percents = ("quorum_percent", "resident_share_percent", "lump_sum_percent")
        found = {name: "must be from 0 to 100" for name in percents if not 0 <= getattr(self, name) <= 100}
        found |= {name: f"must be at most {most}" for name, most in MOST.items() if getattr(self, name) > most}
        dues = ("proof_due_days", "refund_due_days")
        found |= {name: "must be at least one day" for name in dues if getattr(self, name) == 0}
        return found

    def _repeated(self) -> dict[str, str]:
        lists: dict[str, list[object]] = {
            "proof_reminder_days": list(self.proof_reminder_days),
            "excluded_costs": [kind.casefold() for kind in self.excluded_costs],
            "who_may_apply": list(self.who_may_apply),
        }
        return {name: "names the same twice" for name, values in lists.items() if len(set(values)) < len(values)}

    def _of_the_body(self) -> dict[str, str]:
        if self.decision_body is DecisionBody.JURY:
            return self._of_a_jury()
        found = {name: "only a jury has this rule" for name in OF_A_JURY if getattr(self, name)}
        if self.jury_size:
            found["jury_size"] = "only a jury has seats"
        if self.decision_body is DecisionBody.OFFICE:
            found |= {name: "an office decides without a vote" for name in OF_A_VOTE if getattr(self, name)}
            if self.majority is not Majority.OF_VOTES:
                found["majority"] = "an office decides without a vote"
        elif self.majority is Majority.OF_MEMBERS:
            found["majority"] = "an assembly has no members; its majority is of the votes"
        if self.decision_body is DecisionBody.ASSEMBLY and self.recused_count_for_quorum:
            found["recused_count_for_quorum"] = "hands have no names, so nobody of an assembly is recused"
        return found

    def _of_a_jury(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.quorum_percent and self.quorum_count:
            found["quorum_count"] = "give a percentage or a count, not both"
        if not self.quorum_percent and not self.quorum_count:
            found["quorum_percent"] = "a jury needs a quorum: a percentage or a count"
        if not self.jury_size:
            found["jury_size"] = "a jury needs its number of seats"
            return found
        if self.quorum_count > self.jury_size:
            found["quorum_count"] = f"the jury has only {self.jury_size} seats"
        if self.jury_least > self.jury_size:
            found["jury_least"] = f"the jury has only {self.jury_size} seats"
        return found

    def _of_money(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.most_years > 1 and self.decision_body is not DecisionBody.OFFICE:
            found["grant_years"] = "a motion names one amount; an award over several years is an office's"
        if self.cap_exception_allowed and not self.cap_cents:
            found["cap_exception_allowed"] = "there is no cap to except from"
        if self.receipts_only and self.payout is Payout.ADVANCE:
            found["receipts_only"] = "an advance is paid before there are receipts; let it be proven otherwise"
        return found

    def _of_time(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.rolling and self.late is LateApplications.NEXT_ROUND:
            found["late"] = "a rolling fund has no next round"
        if self.last_year and self.last_year < self.first_year:
            found["last_year"] = "must not lie before first_year"
        elif self.first_year and self.last_year and self.most_years > self.last_year - self.first_year + 1:
            found["grant_years"] = "the fund does not give for so many years"
        return found
