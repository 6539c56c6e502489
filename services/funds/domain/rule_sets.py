"""Ready-made rules of the funds that Berlin's districts have, to create a fund by a name (docs/domain.md, funds)."""

from dataclasses import dataclass
from enum import StrEnum

from services.funds.domain.fund import FundKind
from services.funds.domain.fund_rules import ApplicantKind, DecisionBody, FundRules, Payout
from services.funds.domain.reference import Reference, ReferenceKind
from services.funds.domain.refusals.fund import RuleSetUnknown

EURO = 100
NEIGHBOURS = (
    ApplicantKind.PRIVATE_PERSON,
    ApplicantKind.INITIATIVE,
    ApplicantKind.ASSOCIATION,
    ApplicantKind.FACILITY,
    ApplicantKind.BODY,
    ApplicantKind.RELIGIOUS_COMMUNITY,
    ApplicantKind.EDUCATIONAL_INSTITUTION,
)
CARRIERS = (ApplicantKind.ASSOCIATION, ApplicantKind.FACILITY, ApplicantKind.WELFARE_ASSOCIATION)

PARLIAMENT = "Abgeordnetenhaus von Berlin"
GRANTS_LAW = Reference(ReferenceKind.LAW, "§§ 23, 44 LHO", PARLIAMENT)
KIEZKASSE_LAW = Reference(ReferenceKind.LAW, "§§ 23, 44, 55 LHO", PARLIAMENT)
# Where the district assembly debated the money of title 3320/68432.
DEBATE_IN_MITTE = Reference(
    ReferenceKind.PRINTED_PAPER,
    "TOLFDNR 123979",
    "BVV Mitte",
    uri="https://www.berlin.de/ba-mitte/politik-und-verwaltung/bezirksverordnetenversammlung/online/to020.asp?TOLFDNR=123979",
)


class Sharing(StrEnum):
    """How a total is usually shared over the regions: the same for each, by weights, or not at all."""

    EQUAL = "equal"
    WEIGHTS = "weights"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`region_cents` and `total_cents` are the usual money of a year, 0 where none is known; `shared` says over what.

    `chapter` and `number` are those of the budget title that pays it, where it is known. `to_decide` names the rules of
    which no figure, or only an old one, is known: what stands there is a proposal, and the district settles it.
    """

    name: str
    title: str
    kind: FundKind
    rules: FundRules
    shared: Sharing
    references: tuple[Reference, ...] = (GRANTS_LAW,)
    region_cents: int = 0
    total_cents: int = 0
    chapter: str = ""
    number: str = ""
    to_decide: tuple[str, ...] = ()


STADTTEILKASSE_MITTE = RuleSet(
    name="stadtteilkasse_mitte",
    title="Stadtteilkasse Mitte",
    kind=FundKind.STADTTEILKASSE,
    rules=FundRules(
        decision_body=DecisionBody.JURY,
        cap_cents=500 * EURO,
        quorum_percent=50,
        jury_size=9,
        jury_least=7,
        rolling=True,
        payout=Payout.REIMBURSEMENT,
        receipts_only=True,
        excluded_costs=("staff", "own_fees"),
        who_may_apply=NEIGHBOURS,
        four_eyes=True,
    ),
    shared=Sharing.EQUAL,
    region_cents=5_000 * EURO,
    total_cents=50_000 * EURO,
    chapter="3320",
    number="68432",
    references=(GRANTS_LAW, DEBATE_IN_MITTE),
    to_decide=("quorum_percent", "majority", "recused_count_for_quorum", "term_years", "proof_due_days"),
)
COORDINATION_MITTE = RuleSet(
    name="coordination_mitte",
    title="Stadtteilkoordinationen Mitte",
    kind=FundKind.COORDINATION,
    rules=FundRules(
        decision_body=DecisionBody.OFFICE,
        rolling=True,
        payout=Payout.ADVANCE,
        proof_due_days=180,
        who_may_apply=CARRIERS,
        four_eyes=True,
    ),
    shared=Sharing.EQUAL,
    region_cents=30_000 * EURO,
    total_cents=300_000 * EURO,
    chapter="3320",
    number="68432",
    references=(GRANTS_LAW, DEBATE_IN_MITTE),
    to_decide=("payout", "proof_due_days", "lump_sum_percent"),
)
KIEZFONDS_LICHTENBERG = RuleSet(
    name="kiezfonds_lichtenberg",
    title="Kiezfonds Lichtenberg",
    kind=FundKind.KIEZFONDS,
    rules=FundRules(
        decision_body=DecisionBody.JURY,
        cap_cents=1_000 * EURO,
        cap_exception_allowed=True,
        quorum_percent=50,
        jury_size=25,
        jury_least=15,
        resident_share_percent=60,
        minimum_age=14,
        term_years=2,
        payout=Payout.REIMBURSEMENT,
        excluded_costs=("staff", "construction"),
        who_may_apply=NEIGHBOURS,
        four_eyes=True,
    ),
    shared=Sharing.EQUAL,
    region_cents=13_000 * EURO,
    total_cents=169_000 * EURO,
    to_decide=(
        *("quorum_percent", "majority", "recused_count_for_quorum", "late", "payout", "proof_due_days"),
        *("jury_size", "resident_share_percent", "minimum_age", "term_years"),
    ),
)
KIEZKASSE_TREPTOW_KOEPENICK = RuleSet(
    name="kiezkasse_treptow_koepenick",
    title="Kiezkasse Treptow-Köpenick",
    kind=FundKind.KIEZKASSE,
    rules=FundRules(
        decision_body=DecisionBody.ASSEMBLY,
        payout=Payout.REIMBURSEMENT,
        excluded_costs=("staff",),
        who_may_apply=NEIGHBOURS,
        four_eyes=True,
        region_minimum_cents=2_600 * EURO,
    ),
    shared=Sharing.WEIGHTS,
    references=(KIEZKASSE_LAW,),
    total_cents=100_000 * EURO,
    to_decide=("quorum_count", "minimum_age", "late", "payout", "excluded_costs", "proof_due_days"),
)
AKTIONSFONDS = RuleSet(
    name="aktionsfonds_qm",
    title="Aktionsfonds im Quartiersmanagement",
    kind=FundKind.AKTIONSFONDS,
    rules=FundRules(
        decision_body=DecisionBody.JURY,
        cap_cents=1_500 * EURO,
        quorum_percent=51,
        jury_size=15,
        minimum_age=16,
        term_years=2,
        rolling=True,
        payout=Payout.ADVANCE,
        proof_due_days=60,
        excluded_costs=("staff", "own_fees", "construction"),
        who_may_apply=NEIGHBOURS,
        four_eyes=True,
    ),
    shared=Sharing.EQUAL,
    region_cents=10_000 * EURO,
    to_decide=("jury_size", "majority", "recused_count_for_quorum", "lump_sum_percent", "payout", "proof_due_days"),
)
FEIN = RuleSet(
    name="fein",
    title="FEIN, Freiwilliges Engagement in Nachbarschaften",
    kind=FundKind.FEIN,
    rules=FundRules(
        decision_body=DecisionBody.OFFICE,
        cap_cents=3_500 * EURO,
        payout=Payout.REIMBURSEMENT,
        receipts_only=True,
        proof_due_days=28,
        excluded_costs=("staff", "construction"),
        who_may_apply=NEIGHBOURS,
        four_eyes=True,
    ),
    shared=Sharing.WHOLE,
    to_decide=("cap_cents", "rolling", "proof_due_days"),
)
INFRASTRUCTURE = RuleSet(
    name="infrastructure",
    title="Infrastrukturförderung",
    kind=FundKind.INFRASTRUCTURE,
    rules=FundRules(
        decision_body=DecisionBody.OFFICE,
        payout=Payout.ADVANCE,
        proof_due_days=180,
        who_may_apply=CARRIERS,
        four_eyes=True,
        grant_years=2,
    ),
    shared=Sharing.WHOLE,
    to_decide=("grant_years", "proof_due_days", "lump_sum_percent"),
)
RULE_SETS = (
    STADTTEILKASSE_MITTE,
    COORDINATION_MITTE,
    KIEZFONDS_LICHTENBERG,
    KIEZKASSE_TREPTOW_KOEPENICK,
    AKTIONSFONDS,
    FEIN,
    INFRASTRUCTURE,
)


def rule_set(name: str) -> RuleSet:
    found = next((of_name for of_name in RULE_SETS if of_name.name == name), None)
    if found is None:
        raise RuleSetUnknown(tuple(known.name for known in RULE_SETS))
    return found
