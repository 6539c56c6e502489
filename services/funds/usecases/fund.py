"""Creating funds and changing their rules."""

from dataclasses import dataclass

from chassis.fields import Id, Line, OptionalLine, PageSize, PageToken
from chassis.ports import Caller, Page, PageRequest, Transaction, new_id
from lor import CITY, OptionalRegion, Region
from services.funds.domain.facts import FundCreated, FundRulesChanged
from services.funds.domain.fund import Fund, FundKind, RulesVersion
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.refusals.fund import KindMissing, KindOfAnotherSet, RulesMissing, RulesTwice
from services.funds.domain.rule_sets import RULE_SETS, RuleSet, rule_set
from services.funds.usecases.jury import time_notice
from services.funds.usecases.ports import Funds, Juries, RulesVersions
from services.funds.usecases.title import References


@dataclass(frozen=True, slots=True)
class CreateFund:
    """By `rules`, or by the name of a rule set, which brings its kind and its references with it."""

    region: Region
    name: Line
    office_actor_id: Id
    kind: FundKind | None = None
    rules: FundRules | None = None
    rule_set: OptionalLine = ""
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


@dataclass(frozen=True, slots=True)
class ListRuleSets:
    """All of them; there are few."""


@dataclass(frozen=True, slots=True)
class ListRulesVersions:
    fund_id: Id
    page_size: PageSize = 0
    page_token: PageToken = ""


class FundUseCases:
    def __init__(self, funds: Funds, rules: RulesVersions, juries: Juries) -> None:
        self._funds, self._rules, self._juries = funds, rules, juries

    async def create_fund(self, tx: Transaction, command: CreateFund, caller: Caller) -> Fund:
        caller.require("fund_office", region=command.region)
        kind, rules, references = _founded_on(command)
        fund = Fund(
            id=new_id(),
            region=command.region,
            kind=kind,
            name=command.name,
            office_actor_id=command.office_actor_id,
            rules=rules.checked(),
            references=references,
        )
        await self._rules.put(tx, fund.rules_since(tx.at))
        return await self._funds.add(tx, fund, FundCreated(fund))

    async def change_fund_rules(self, tx: Transaction, command: ChangeFundRules, caller: Caller) -> Fund:
        fund = await self._funds.get(command.fund_id, tx, etag=command.etag)
        caller.require("fund_office", region=fund.region)
        changed = fund.with_rules(command.rules)
        before = fund.rules_since(None)
        if await self._rules.find(before.id, tx) is None:
            await self._rules.put(tx, before)
        await self._rules.put(tx, changed.rules_since(tx.at, command.reason))
        for jury in await self._juries.of_fund(tx, fund.id, fund.region):
            # Nobody must be seated in this very moment by the notice of before.
            await self._juries.hold(tx, jury.id)
            time_notice(tx, jury, changed.rules)
        return await self._funds.save(tx, changed, FundRulesChanged(changed, command.reason))

    async def list_rule_sets(self, query: ListRuleSets, caller: Caller) -> tuple[RuleSet, ...]:
        return RULE_SETS

    async def list_rules_versions(self, query: ListRulesVersions, caller: Caller) -> Page[RulesVersion]:
        """Every version since they are kept; of a fund that is older and never changed its rules there is none."""
        fund = await self._funds.get(query.fund_id)
        return await self._rules.listed(fund.id, PageRequest(query.page_size, query.page_token, caller.sub))

    async def get_fund(self, query: GetFund, caller: Caller) -> Fund:
        return await self._funds.get(query.fund_id)

    async def list_funds(self, query: ListFunds, caller: Caller) -> Page[Fund]:
        request = PageRequest(query.page_size, query.page_token, caller.sub)
        return await self._funds.listed(query.region or CITY, query.kind, request)


def _founded_on(command: CreateFund) -> tuple[FundKind, FundRules, References]:
    """What kind of fund it is, by which rules, resting on which papers."""
    if command.rules is not None:
        if command.rule_set:
            raise RulesTwice
        if command.kind is None:
            raise KindMissing
        return command.kind, command.rules, command.references
    if not command.rule_set:
        raise RulesMissing
    ready = rule_set(command.rule_set)
    if command.kind not in (None, ready.kind):
        raise KindOfAnotherSet(ready.kind)
    return ready.kind, ready.rules, (*ready.references, *command.references)
