"""Juries: made for a fund in a region, and who sits in them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Ge, Le, MaxLen

from chassis.fields import Day, Email, Id, Line, OptionalId, OptionalLine, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, berlin_day, end_of_day, new_id
from lor import CITY, OptionalRegion, Region, within
from services.funds.domain.facts.jury import JuryMemberSeated, JuryTermEnding
from services.funds.domain.fund_rules import DecisionBody, FundRules
from services.funds.domain.jury import Jury, JuryMember, Seat
from services.funds.domain.jury_composition import Composition, composition, notice_day, require_seat
from services.funds.domain.person import Language
from services.funds.domain.refusals.budget import RegionOutsideFund
from services.funds.domain.refusals.jury import NoJuryForThis, SeatIsInUse, SeatsNotByRules
from services.funds.usecases.application import Reason
from services.funds.usecases.ports import Funds, Juries, Persons, Sessions

JURY_TERMS = "jury_terms"
ActorIds = Annotated[tuple[Id, ...], MaxLen(50)]


@dataclass(frozen=True, slots=True)
class CreateJury:
    """`seats` 0: as many as the fund's rules say."""

    fund_id: Id
    region: Region
    name: Line
    seats: Annotated[int, Ge(0), Le(50)] = 0


@dataclass(frozen=True, slots=True)
class SeatMember:
    jury_id: Id
    name: Line
    email: Email
    seat: Seat
    from_on: Day
    until_on: Day
    language: Language = Language.DE
    sub: OptionalLine = ""
    is_chair: bool = False
    affiliations: ActorIds = ()
    meets_minimum_age: bool = False
    etag: str = ""


@dataclass(frozen=True, slots=True)
class UnseatMember:
    jury_id: Id
    member_id: Id
    last_day: Day
    reason: Reason
    etag: str = ""


@dataclass(frozen=True, slots=True)
class SetAffiliations:
    jury_id: Id
    member_id: Id
    affiliations: ActorIds = ()
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetJury:
    jury_id: Id


@dataclass(frozen=True, slots=True)
class GetComposition:
    jury_id: Id
    day: Day


@dataclass(frozen=True, slots=True)
class ListJuries:
    region: OptionalRegion = ""
    fund_id: OptionalId = ""
    page_size: PageSize = 0
    page_token: PageToken = ""


def time_notice(tx: Transaction, jury: Jury, rules: FundRules) -> None:
    """The day on which it is said that the next term ends, by the rules of now."""
    days = [notice_day(member, rules.term_notice_days) for member in jury.ends_unsaid_on(berlin_day(tx.at))]
    if days:
        tx.set_timer(jury.id, JURY_TERMS, end_of_day(min(days) - timedelta(days=1)))
    else:
        tx.cancel_timer(jury.id, JURY_TERMS)


class JuryUseCases:
    def __init__(self, funds: Funds, juries: Juries, persons: Persons, sessions: Sessions) -> None:
        self._funds, self._juries, self._persons, self._sessions = funds, juries, persons, sessions

    async def create_jury(self, tx: Transaction, command: CreateJury, caller: Caller) -> Jury:
        caller.require("fund_office", region=command.region)
        fund = await self._funds.get(command.fund_id, tx)
        if fund.rules.decision_body is not DecisionBody.JURY:
            raise NoJuryForThis
        if not within(command.region, fund.region):
            raise RegionOutsideFund(command.region, fund.region)
        rules = fund.rules
        seats = command.seats or rules.jury_size
        if not rules.jury_least <= seats <= rules.jury_size:
            raise SeatsNotByRules(rules.jury_least, rules.jury_size)
        return await self._juries.add(tx, Jury(new_id(), command.region, fund.id, fund.name, command.name, seats))

    async def seat_member(self, tx: Transaction, command: SeatMember, caller: Caller) -> Jury:
        jury = await self._of_office(tx, command.jury_id, command.etag, caller)
        member = JuryMember(
            id=new_id(),
            person_ref=await self._persons.keep(tx, command.name, command.email, command.language, by=""),
            sub=command.sub,
            seat=command.seat,
            is_chair=command.is_chair,
            affiliations=command.affiliations,
            from_on=command.from_on,
            until_on=command.until_on,
            meets_minimum_age=command.meets_minimum_age,
        )
        rules = (await self._funds.get(jury.fund_id, tx)).rules
        seated = jury.seat(member)
        require_seat(jury, member, rules)
        time_notice(tx, seated, rules)
        return await self._juries.save(tx, seated, JuryMemberSeated(seated, member))

    async def unseat_member(self, tx: Transaction, command: UnseatMember, caller: Caller) -> Jury:
        jury = await self._of_office(tx, command.jury_id, command.etag, caller)
        if command.last_day < berlin_day(tx.at) and await self._sessions.under_way(tx, jury.id):
            raise SeatIsInUse
        ended = jury.unseat(command.member_id, command.last_day, command.reason)
        time_notice(tx, ended, (await self._funds.get(jury.fund_id, tx)).rules)
        return await self._juries.save(tx, ended)

    async def set_affiliations(self, tx: Transaction, command: SetAffiliations, caller: Caller) -> Jury:
        jury = await self._of_office(tx, command.jury_id, command.etag, caller)
        return await self._juries.save(tx, jury.affiliate(command.member_id, command.affiliations))

    async def get_jury(self, query: GetJury, caller: Caller) -> Jury:
        jury = await self._juries.get(query.jury_id)
        caller.require("fund_office", "jury", "auditor", region=jury.region)
        return jury

    async def get_composition(self, query: GetComposition, caller: Caller) -> Composition:
        jury = await self._juries.get(query.jury_id)
        caller.require("fund_office", "jury", "auditor", region=jury.region)
        return composition(jury, (await self._funds.get(jury.fund_id)).rules, query.day)

    async def list_juries(self, query: ListJuries, caller: Caller) -> Page[Jury]:
        region = query.region or CITY
        caller.require("fund_office", "jury", "auditor", region=region)
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._juries.listed(region, query.fund_id, request)

    async def terms_end(self, tx: Transaction, jury_id: str) -> None:
        """The `jury_terms` timer: say whose term ends soon, and look again when the next one does."""
        jury = await self._juries.get(jury_id, tx)
        rules, today = (await self._funds.get(jury.fund_id, tx)).rules, berlin_day(tx.at)
        unsaid = jury.ends_unsaid_on(today)
        ending = tuple(member for member in unsaid if notice_day(member, rules.term_notice_days) <= today)
        told = jury.say_ending(ending)
        time_notice(tx, told, rules)
        await self._juries.save(tx, told, *(JuryTermEnding(told, member) for member in ending))

    async def _of_office(self, tx: Transaction, jury_id: str, etag: str, caller: Caller) -> Jury:
        jury = await self._juries.get(jury_id, tx, etag=etag)
        caller.require("fund_office", region=jury.region)
        return jury
