"""Where funds is put together: the only module that knows all of its parts."""

from chassis.ports import Transaction
from chassis.runtime import Service
from chassis.store import Store
from services.funds.adapters.mongo.repositories import Repositories
from services.funds.entrypoints.access import ACCESS
from services.funds.entrypoints.grpc import apis
from services.funds.entrypoints.subscribers import subscribers
from services.funds.entrypoints.timers import timers
from services.funds.messages.published import PUBLISHED
from services.funds.settings import FundsSettings
from services.funds.usecases import UseCases
from services.funds.usecases.actor import ActorUseCases
from services.funds.usecases.budget import BudgetUseCases
from services.funds.usecases.fund import FundUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.title import TitleUseCases


async def no_applications(tx: Transaction, round_id: str) -> int:
    return 0


def use_cases(kept: Repositories) -> UseCases:
    return UseCases(
        titles=TitleUseCases(kept.titles),
        funds=FundUseCases(kept.funds),
        budgets=BudgetUseCases(kept.titles, kept.funds, kept.budgets, kept.ledger),
        ledger=LedgerUseCases(kept.titles, kept.budgets, kept.ledger),
        rounds=RoundUseCases(kept.funds, kept.budgets, kept.rounds, undecided=no_applications),
        actors=ActorUseCases(kept.known_actors, kept.known_relations),
    )


def build(settings: FundsSettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    do = use_cases(Repositories(store))
    return Service(
        name="funds",
        settings=settings,
        store=store,
        published=PUBLISHED,
        apis=apis(do),
        access=ACCESS,
        heard=subscribers(do),
        timers=timers(do),
    )
