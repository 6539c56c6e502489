"""FundService: funds and their rules."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.fund import (
    ChangeFundRules,
    CreateFund,
    GetFund,
    ListFunds,
    ListRuleSets,
    ListRulesVersions,
)


def fund_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.FundService",
        command("CreateFund", CreateFund, do.funds.create_fund, "fund"),
        command("ChangeFundRules", ChangeFundRules, do.funds.change_fund_rules, "fund"),
        query("GetFund", GetFund, do.funds.get_fund, "fund"),
        query("ListFunds", ListFunds, do.funds.list_funds, "funds"),
        query("ListRulesVersions", ListRulesVersions, do.funds.list_rules_versions, "versions"),
        query("ListRuleSets", ListRuleSets, do.funds.list_rule_sets, "rule_sets"),
    )
