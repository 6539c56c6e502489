"""What funds says of budget titles."""

from chassis.envelope import Body, Published
from services.funds.messages.published.reference import ReferenceState


class TitleYearState(Body):
    """`released_cents` is what budgets had drawn when this was said; since then `ledger_posted` says it, by account `title`."""

    year: int
    total_cents: int
    released_cents: int


class TitleState(Body):
    id: str
    region: str
    chapter: str
    number: str
    name: str
    years: tuple[TitleYearState, ...]
    references: tuple[ReferenceState, ...]


class TitlePlanned(Published, audience="pub", why="The city publishes its budget."):
    """A budget title was planned, with what it holds in each year."""

    state: TitleState


class TitleRevised(Published, audience="pub", why="The city publishes its budget."):
    """The total of `year` was changed, from `previous_cents` (Nachtragshaushalt); its paper is among the references."""

    state: TitleState
    year: int
    previous_cents: int
