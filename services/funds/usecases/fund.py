"""Creating funds and changing their rules."""

from dataclasses import dataclass

from chassis.fields import Id, Line, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region
from services.funds.domain.facts import FundCreated, FundRulesChanged
from services.funds.domain.fund import Fund, FundKind
from services.funds.domain.fund_rules import FundRules
from services.funds.usecases.ports import Funds
from services.funds.usecases.title import References


@dataclass(frozen=True, slots=True)
class CreateFund:
    region: Region
    kind: FundKind
    name: Line
    office_actor_id: Id
    rules: FundRules
    references: References = ()


@dataclass(frozen=True, slots=True)
class ChangeFundRules:
    fund_id: Id
    rules: FundRules
    reason: Line
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GetFund:
    fund_id: Id


@dataclass(frozen=True, slots=True)
class ListFunds:
    region: OptionalRegion = ""
    kind: FundKind | None = None
    page_size: PageSize = 0
    page_token: PageToken = ""


class FundUseCases:
    def __init__(self, funds: Funds) -> None:
        self._funds = funds

    async def create_fund(self, tx: Transaction, command: CreateFund, caller: Caller) -> Fund:
        caller.require("fund_office", region=command.region)
        fund = Fund(
            id=new_id(),
            region=command.region,
            kind=command.kind,
            name=command.name,
            office_actor_id=command.office_actor_id,
            rules=command.rules.checked(),
            references=command.references,
        )
        return await self._funds.add(tx, fund, FundCreated(fund))

    async def change_fund_rules(self, tx: Transaction, command: ChangeFundRules, caller: Caller) -> Fund:
        fund = await self._funds.get(command.fund_id, tx, etag=command.etag)
        caller.require("fund_office", region=fund.region)
        changed = fund.with_rules(command.rules)
        return await self._funds.save(tx, changed, FundRulesChanged(changed, command.reason))

    async def get_fund(self, query: GetFund, caller: Caller) -> Fund:
        return await self._funds.get(query.fund_id)

    async def list_funds(self, query: ListFunds, caller: Caller) -> Page[Fund]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._funds.listed(query.region or CITY, query.kind, request)
