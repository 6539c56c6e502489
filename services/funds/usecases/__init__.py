"""All that funds can do, on one page."""

from dataclasses import dataclass

from services.funds.usecases.actor import ActorUseCases
from services.funds.usecases.budget import BudgetUseCases
from services.funds.usecases.fund import FundUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.title import TitleUseCases


@dataclass(frozen=True, slots=True)
class UseCases:
    titles: TitleUseCases
    funds: FundUseCases
    budgets: BudgetUseCases
    ledger: LedgerUseCases
    rounds: RoundUseCases
    actors: ActorUseCases
