"""A budget title: where the city's budget says that there is money (Haushaltstitel), the top account of the ledger."""

from dataclasses import dataclass, replace

from services.funds.domain.reference import Reference
from services.funds.domain.refusals.title import TitleBelowReleased, TitleExceeded, TitleHasNoSuchYear


@dataclass(frozen=True, slots=True)
class TitleYear:
    """What the title holds in a year, and how much of it budgets have drawn."""

    year: int
    total_cents: int
    released_cents: int = 0


@dataclass(frozen=True, slots=True)
class BudgetTitle:
    """`chapter` and `number` as in the budget plan: "3320" and "68432"; one year, or two of a double budget."""

    id: str
    region: str
    chapter: str
    number: str
    name: str
    years: tuple[TitleYear, ...]
    references: tuple[Reference, ...] = ()
    version: int = 0

    @property
    def first_year(self) -> int:
        return self.years[0].year

    def of_year(self, year: int) -> TitleYear:
        found = next((y for y in self.years if y.year == year), None)
        if found is None:
            raise TitleHasNoSuchYear(year)
        return found

    def draw(self, year: int, amount_cents: int) -> "BudgetTitle":
        """Give money to a budget: never more than the title holds. A negative amount comes back from a budget."""
        of_year = self.of_year(year)
        released = of_year.released_cents + amount_cents
        if released > of_year.total_cents:
            raise TitleExceeded(of_year.total_cents - of_year.released_cents)
        return self._with(replace(of_year, released_cents=released))

    def revise(self, year: int, total_cents: int, reference: Reference) -> "BudgetTitle":
        """Another total for a year, as the paper says (Nachtragshaushalt): never below what budgets have drawn."""
        of_year = self.of_year(year)
        if total_cents < of_year.released_cents:
            raise TitleBelowReleased(of_year.released_cents)
        papers = self.references if reference in self.references else (*self.references, reference)
        return replace(self._with(replace(of_year, total_cents=total_cents)), references=papers)

    def _with(self, changed: TitleYear) -> "BudgetTitle":
        return replace(self, years=tuple(changed if y.year == changed.year else y for y in self.years))
