"""The gRPC services of funds: a table of rpcs for each noun, and who may call them."""

from chassis.rpc import Api
from services.funds.entrypoints.grpc import budget, fund, funding_round, ledger, title
from services.funds.usecases import UseCases


def apis(do: UseCases) -> tuple[Api, ...]:
    return (
        title.title_api(do),
        fund.fund_api(do),
        budget.budget_api(do),
        ledger.ledger_api(do),
        funding_round.round_api(do),
    )
