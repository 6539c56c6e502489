"""StatementService: balances of any day, and statements of titles, budgets and grants."""

from chassis.rpc import Api, query
from services.funds.usecases import UseCases
from services.funds.usecases.statement import (
    GetBudgetBalance,
    GetBudgetStatement,
    GetGrantStatement,
    GetTitleBalance,
    GetTitleStatement,
)


def statement_api(do: UseCases) -> Api:
    return Api(
        "kiezwerk.funds.v1.StatementService",
        query("GetBudgetBalance", GetBudgetBalance, do.statements.get_budget_balance, "balance"),
        query("GetTitleBalance", GetTitleBalance, do.statements.get_title_balance, "years", seconds=60),
        query("GetBudgetStatement", GetBudgetStatement, do.statements.get_budget_statement),
        query("GetTitleStatement", GetTitleStatement, do.statements.get_title_statement),
        query("GetGrantStatement", GetGrantStatement, do.statements.get_grant_statement),
    )
