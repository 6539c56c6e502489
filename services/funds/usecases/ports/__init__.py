"""Where funds keeps things: the repositories as Protocols, one noun a file."""

from services.funds.usecases.ports.actor import ActorOwner, KnownActors, KnownRelations
from services.funds.usecases.ports.application import Applications, Juries, Sessions
from services.funds.usecases.ports.budget import Budgets, Funds, Ledger, Rounds, RulesVersions, Titles
from services.funds.usecases.ports.grant import Claims, Grants, Payments, UsedReceipts
from services.funds.usecases.ports.person import Persons

__all__ = [
    "ActorOwner",
    "Applications",
    "Budgets",
    "Claims",
    "Funds",
    "Grants",
    "Juries",
    "KnownActors",
    "KnownRelations",
    "Ledger",
    "Payments",
    "Persons",
    "Rounds",
    "RulesVersions",
    "Sessions",
    "Titles",
    "UsedReceipts",
]
