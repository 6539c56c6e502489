"""The form of an application: what the applicant says, wants and declares."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import Gt, Le, MaxLen

from chassis.fields import Cents, CentsOrZero, Check, HttpsUrl, Line, OptionalLine, OptionalText, Sha256, Text
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.refusals.application import CostKindExcluded, FormIncomplete

_MEDIA_TYPE = Check(lambda v: v.count("/") == 1 and v.isascii() and " " not in v, 'must be a media type ("image/png")')
_DAY = Check(lambda d: d is None or 2000 <= d.year <= 2200, "must be a day between 2000 and 2200")
OptionalDay = Annotated[date | None, _DAY]


@dataclass(frozen=True, slots=True)
class CostItem:
    """`kind` is what a fund's rules may exclude ("staff", "construction"); empty when none is said."""

    description: Line
    amount_cents: Cents
    kind: OptionalLine = ""


@dataclass(frozen=True, slots=True)
class OtherFunder:
    name: Line
    amount_cents: CentsOrZero = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A reference to a file elsewhere, never the file."""

    name: Line
    uri: HttpsUrl
    media_type: Annotated[str, MaxLen(100), _MEDIA_TYPE]
    size_bytes: Annotated[int, Gt(0), Le(10**10)]
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Declarations:
    """What an applicant must be able to say before money is given (AV zu § 44 LHO; § 264 StGB)."""

    not_started: bool = False
    not_funded_twice: bool = False
    subsidy_notice_read: bool = False
    privacy_notice_read: bool = False
    deducts_input_tax: bool = False
    agrees_to_publication: bool = False


REQUIRED = ("not_started", "not_funded_twice", "subsidy_notice_read", "privacy_notice_read")


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """A draft needs a title alone; `complete` says what a submission needs. The costs are those asked of the fund.

    The last day is included. `own_contribution` may be work instead of money.
    """

    title: Line
    description: OptionalText = ""
    goals: Annotated[tuple[Annotated[Text, MaxLen(1_000)], ...], MaxLen(20)] = ()
    place: OptionalLine = ""
    starts_on: OptionalDay = None
    ends_on: OptionalDay = None
    requested_cents: CentsOrZero = 0
    costs: Annotated[tuple[CostItem, ...], MaxLen(100)] = ()
    own_contribution_cents: CentsOrZero = 0
    own_contribution: OptionalText = ""
    other_funders: Annotated[tuple[OtherFunder, ...], MaxLen(20)] = ()
    declarations: Declarations = Declarations()
    attachments: Annotated[tuple[Attachment, ...], MaxLen(20)] = ()

    def complete(self, rules: FundRules, today: date) -> None:
        """Refuse a form that cannot be decided on, naming every field."""
        if problems := {**self._missing(), **self._wrong(today), **self._undeclared()}:
            raise FormIncomplete({f"form.{field}": says for field, says in problems.items()})
        excluded = {kind.casefold() for kind in rules.excluded_costs}
        if wrong := [i for i, cost in enumerate(self.costs) if cost.kind.casefold() in excluded]:
            raise CostKindExcluded({f"form.costs[{i}].kind": "is not paid for by this fund" for i in wrong})

    def _missing(self) -> dict[str, str]:
        needed = ("description", "goals", "place", "starts_on", "ends_on", "requested_cents", "costs")
        return {field: "is required for a submission" for field in needed if not getattr(self, field)}

    def _wrong(self, today: date) -> dict[str, str]:
        found: dict[str, str] = {}
        total = sum(cost.amount_cents for cost in self.costs)
        if self.requested_cents and self.costs and total != self.requested_cents:
            found["requested_cents"] = f"must be the sum of the costs, {total} cents"
        if self.starts_on and self.starts_on < today:
            found["starts_on"] = "lies in the past; a project must not have begun"
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            found["ends_on"] = "must not lie before starts_on"
        return found

    def _undeclared(self) -> dict[str, str]:
        return {f"declarations.{name}": "must be declared" for name in REQUIRED if not getattr(self.declarations, name)}
