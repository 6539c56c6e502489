"""What came of a session, for everyone: totals, no names."""

from dataclasses import dataclass

from services.funds.domain.agenda_item import AgendaItem, ItemStatus


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item ended."""

    number: int
    outcome: ItemStatus
    approved_cents: int
    yes: int
    no: int
    abstain: int
    recused: int
    present: int
    recused_present: int
    took_part: int

    @classmethod
    def of(cls, item: AgendaItem) -> "ItemResult":
        tally = item.tally
        totals = (tally.yes, tally.no, tally.abstain) if tally else (0, 0, 0)
        there = (tally.present, tally.recused_present) if tally else (0, 0)
        return cls(
            item.number, item.status, item.approved_cents, *totals, len(item.recusals), *there, took_part=item.took_part
        )
