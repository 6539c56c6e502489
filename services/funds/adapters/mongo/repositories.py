"""All collections of funds, made from one store."""

from chassis.store import Store
from services.funds.adapters.mongo.actor import MongoKnownActors, MongoKnownRelations
from services.funds.adapters.mongo.budget import MongoBudgets
from services.funds.adapters.mongo.fund import MongoFunds
from services.funds.adapters.mongo.funding_round import MongoRounds
from services.funds.adapters.mongo.ledger import MongoLedger
from services.funds.adapters.mongo.title import MongoTitles


class Repositories:
    def __init__(self, store: Store) -> None:
        self.titles = MongoTitles(store)
        self.funds = MongoFunds(store)
        self.budgets = MongoBudgets(store)
        self.ledger = MongoLedger(store)
        self.rounds = MongoRounds(store)
        self.known_actors = MongoKnownActors(store)
        self.known_relations = MongoKnownRelations(store)
