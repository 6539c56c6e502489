"""Mending a decision: another amount, no award at all, or a decision that is taken anew."""

from dataclasses import replace
from datetime import datetime

from services.funds.domain.agenda_item import AgendaItem
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.continuing import on_terms
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.refusals.application import CapHasNoException
from services.funds.domain.refusals.grant import ApprovedAboveRequested, SharesStand
from services.funds.domain.refusals.jury_session import AboveTheMotion
from services.funds.domain.year_share import YearShare

S = ApplicationStatus


def decided_anew(application: Application, reason: str, by: str, at: datetime) -> Application:
    """What was decided in a session does not hold: the application stands on that agenda again."""
    application.require(S.APPROVED, S.DECLINED)
    undecided = replace(application, approved_cents=0, conditions=(), grant_id="")
    return undecided.stepped(S.SCHEDULED, by, at, reason)


def award_withdrawn(application: Application, reason: str, by: str, at: datetime) -> Application:
    """Nothing should have been awarded."""
    application.require(S.APPROVED)
    return replace(application, approved_cents=0, conditions=()).stepped(S.DECLINED, by, at, reason)


def require_resolved(item: AgendaItem, amount_cents: int) -> None:
    """A session resolves on an amount, and on every exception from the cap: nobody alone gives more."""
    if amount_cents > item.the_motion.amount_cents:
        raise AboveTheMotion(amount_cents, item.the_motion.amount_cents)


def decided_with(grant: Grant, by: str) -> Grant:
    """Who mends the decision has decided, too, and never pays."""
    return replace(grant, decided_by=tuple(dict.fromkeys((*grant.decided_by, by))))


def amount_revised(
    application: Application,
    grant: Grant,
    amount_cents: int,
    conditions: tuple[str, ...],
    exception: bool,
    reason: str,
    by: str,
    at: datetime,
    *,
    later_shares: tuple[YearShare, ...] = (),
    year: int = 0,
) -> tuple[Application, Grant]:
    """Another amount or other conditions, in the same bounds as an award; whoever revises has decided, and never pays.

    `later_shares` are those of the years after `year`, that of the budget in which the grant stands.
    """
    application.require(S.APPROVED)
    grant.require(GrantStatus.AWARDED)
    if grant.later_shares and not later_shares:
        raise SharesStand
    total_cents = amount_cents + sum(share.amount_cents for share in later_shares)
    if exception and not application.frozen_rules.cap_exception_allowed:
        raise CapHasNoException
    if total_cents > application.requested_cents:
        raise ApprovedAboveRequested(total_cents, application.requested_cents)
    application.within_cap(total_cents, exception)
    revised = replace(application, approved_cents=total_cents, conditions=conditions)
    changed = replace(decided_with(grant, by), approved_cents=amount_cents, conditions=conditions)
    if later_shares:
        changed = on_terms(changed, application.frozen_rules, later_shares, year)
    return revised.stepped(S.APPROVED, by, at, reason), changed
