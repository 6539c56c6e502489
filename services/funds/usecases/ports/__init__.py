"""Where funds keeps things: the repositories as Protocols, one noun a file."""

from services.funds.usecases.ports.actor import ActorOwner, KnownActors, KnownRelations
from services.funds.usecases.ports.application import Applications, Juries, Sessions
from services.funds.usecases.ports.ballot import (
    BallotPapers,
    Ballots,
    BallotVotes,
    CodeBatches,
    CodeSeals,
    VotingRights,
)
from services.funds.usecases.ports.budget import Budgets, Funds, Ledger, Rounds, RulesVersions, Titles
from services.funds.usecases.ports.grant import (
    Claims,
    Grants,
    PaymentFileContents,
    PaymentFiles,
    Payments,
    UsedReceipts,
)
from services.funds.usecases.ports.person import Persons
from services.funds.usecases.ports.proposal import Proposals

__all__ = [
    "ActorOwner",
    "Applications",
    "BallotPapers",
    "BallotVotes",
    "Ballots",
    "Budgets",
    "Claims",
    "CodeBatches",
    "CodeSeals",
    "Funds",
    "Grants",
    "Juries",
    "KnownActors",
    "KnownRelations",
    "Ledger",
    "PaymentFileContents",
    "PaymentFiles",
    "Payments",
    "Persons",
    "Proposals",
    "Rounds",
    "RulesVersions",
    "Sessions",
    "Titles",
    "UsedReceipts",
    "VotingRights",
]
