"""A recount: what each item's outcome must be, from nothing but the stored votes and the frozen procedure."""

from dataclasses import dataclass

from services.funds.domain.agenda_item import AgendaItem, ItemStatus
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.vote import Tally, count


@dataclass(frozen=True, slots=True)
class RecountedItem:
    """`outcome`, `kept` and `approved_cents` are what is recorded, `recounted`, `tally` and `resolved_cents` what follows.

    An amount that the office `revised` is no more than what was resolved.
    """

    number: int
    application_id: str
    outcome: ItemStatus
    recounted: ItemStatus
    tally: Tally
    kept: Tally | None
    approved_cents: int
    resolved_cents: int
    revised: bool

    @property
    def agrees(self) -> bool:
        least = 0 if self.revised else self.resolved_cents
        given = least <= self.approved_cents <= self.resolved_cents
        return self.outcome is self.recounted and self.tally == self.kept and given


@dataclass(frozen=True, slots=True)
class Recount:
    """`procedure_agrees`: the hash said at the opening is that of the procedure which is stored now."""

    items: tuple[RecountedItem, ...]
    procedure_sha256: str
    procedure_agrees: bool

    @property
    def agrees(self) -> bool:
        return self.procedure_agrees and all(item.agrees for item in self.items)


def recount(session: JurySession) -> Recount:
    """Every item that was decided by votes, counted anew."""
    procedure = session.rules
    decided = session.ended(ItemStatus.AWARDED, ItemStatus.DECLINED)
    items = tuple(_again(item, procedure) for item in decided)
    return Recount(items, procedure.sha256, procedure.sha256 == session.procedure_sha256)


def _again(item: AgendaItem, procedure: Procedure) -> RecountedItem:
    tally = item.hands.tally if item.hands else count(item.votes, item.present, item.recused)
    carried = procedure.decides(tally)
    return RecountedItem(
        number=item.number,
        application_id=item.application_id,
        outcome=item.status,
        recounted=ItemStatus.AWARDED if carried else ItemStatus.DECLINED,
        tally=tally,
        kept=item.tally,
        approved_cents=item.approved_cents,
        resolved_cents=item.the_motion.amount_cents if carried else 0,
        revised=bool(item.revised_by),
    )
