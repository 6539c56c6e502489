"""BudgetService: the money of a fund in a region and a year."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.budget import GetBudget, ListBudgets, MoveMoney, PlanBudget, PlanBudgets
from services.funds.usecases.year_end import CloseBudget


def budget_api(do: UseCases) -> Api:
    both = do.budgets.title_and_budget
    return Api(
        "kiezwerk.funds.v1.BudgetService",
        command("PlanBudget", PlanBudget, do.budgets.plan_budget, "budget"),
        command("PlanBudgets", PlanBudgets, do.budgets.plan_budgets, "budgets"),
        command("ReleaseBudget", MoveMoney, do.budgets.release_budget, "budget", locks=both, money=True),
        command("RaiseBudget", MoveMoney, do.budgets.raise_budget, "budget", locks=both, money=True),
        command("CutBudget", MoveMoney, do.budgets.cut_budget, "budget", locks=both, money=True),
        command("FreezeBudget", MoveMoney, do.budgets.freeze_budget, "budget", money=True),
        command("UnfreezeBudget", MoveMoney, do.budgets.unfreeze_budget, "budget", money=True),
        command("CloseBudget", CloseBudget, do.year_end.close_budget, "budget", money=True),
        query("GetBudget", GetBudget, do.budgets.get_budget, "budget"),
        query("ListBudgets", ListBudgets, do.budgets.list_budgets, "budgets"),
    )
