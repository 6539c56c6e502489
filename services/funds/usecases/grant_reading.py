"""Reading grants: what of one each caller sees, its payments, what holds them up, and what is due when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

import lor
from chassis.fields import Id, OptionalId, PageSize, PageToken
from chassis.ports import Caller, Clock, Page, PageRequest, berlin_day
from services.funds.domain.duty import Duty, duties
from services.funds.domain.grant import Grant
from services.funds.domain.payment import Payment
from services.funds.domain.payment_hold import PaymentHold
from services.funds.usecases.payment import payment_as_seen_by
from services.funds.usecases.ports import Grants, Payments
from services.funds.usecases.recipient import OFFICES, Recipients, file_as_read_by

OptionalYear = Annotated[int, Ge(0), Le(2200)]
# A grant has a few; whoever wants all of more asks ListPayments.
MOST_PAYMENTS = 100


@dataclass(frozen=True, slots=True)
class GetGrant:
    grant_id: Id


@dataclass(frozen=True, slots=True)
class ListGrants:
    region: lor.OptionalRegion = ""
    fund_id: OptionalId = ""
    year: OptionalYear = 0
    recipient_actor_id: OptionalId = ""
    page_size: PageSize = 0
    page_token: PageToken = ""


@dataclass(frozen=True, slots=True)
class GrantReading:
    """One grant; the rest is for its parties alone."""

    grant: Grant
    payments: tuple[Payment, ...] = ()
    payment_hold: PaymentHold | None = None
    duties: tuple[Duty, ...] = ()


def as_seen_by(grant: Grant, caller: Caller) -> Grant:
    """The projection that this caller may have: all, all but the account number, all but others' names, or what is public."""
    if grant.is_of(caller) or caller.may("treasurer", region=grant.region):
        return file_as_read_by(caller, grant, grant)
    if caller.may("fund_office", "auditor", region=grant.region):
        return grant.masked()
    return grant.public()


class GrantReadings:
    def __init__(self, grants: Grants, payments: Payments, recipients: Recipients, clock: Clock) -> None:
        self._grants, self._payments = grants, payments
        self._recipients, self._clock = recipients, clock

    async def get_grant(self, query: GetGrant, caller: Caller) -> GrantReading:
        grant = await self._grants.get(query.grant_id)
        caller = await self._recipients.party(caller, grant)
        seen = as_seen_by(grant, caller)
        if not grant.is_of(caller) and not caller.may(*OFFICES, region=grant.region):
            return GrantReading(seen)
        page = await self._payments.of_grant(grant.id, PageRequest(MOST_PAYMENTS))
        holds: Mapping[str, PaymentHold] = await self._recipients.holds((grant,))
        return GrantReading(
            grant=seen,
            payments=tuple(payment_as_seen_by(payment, grant, caller) for payment in page.items),
            payment_hold=holds.get(grant.id),
            duties=duties(grant, berlin_day(self._clock.now())),
        )

    async def list_grants(self, query: ListGrants, caller: Caller) -> Page[Grant]:
        page = await self._grants.listed(
            query.region or lor.CITY,
            PageRequest(query.page_size, query.page_token, caller.sub),
            fund_id=query.fund_id,
            year=query.year,
            recipient_actor_ids=await self._recipients.same_as(query.recipient_actor_id),
        )
        caller = await self._recipients.party(caller, *page.items)
        return Page(tuple(as_seen_by(grant, caller) for grant in page.items), page.next_page_token)
