"""Where funds keeps things: the repositories as Protocols, one noun a file."""

from services.funds.usecases.ports.actor import KnownActors, KnownRelations
from services.funds.usecases.ports.budget import Budgets, Funds, Ledger, Rounds, Titles

__all__ = [
    "Budgets",
    "Funds",
    "KnownActors",
    "KnownRelations",
    "Ledger",
    "Rounds",
    "Titles",
]
