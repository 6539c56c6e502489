"""All collections of funds, made from one store."""

from collections.abc import Callable

from chassis.store import Store
from services.funds.adapters.mongo.actor import MongoKnownActors, MongoKnownRelations
from services.funds.adapters.mongo.application import MongoApplications
from services.funds.adapters.mongo.ballot import (
    MongoBallotPapers,
    MongoBallots,
    MongoBallotVotes,
    MongoCodeBatches,
    MongoVotingRights,
)
from services.funds.adapters.mongo.budget import MongoBudgets
from services.funds.adapters.mongo.claim import MongoClaims, MongoUsedReceipts
from services.funds.adapters.mongo.fund import MongoFunds, MongoRulesVersions
from services.funds.adapters.mongo.funding_round import MongoRounds
from services.funds.adapters.mongo.grant import MongoGrants
from services.funds.adapters.mongo.jury import MongoJuries
from services.funds.adapters.mongo.jury_session import MongoSessions
from services.funds.adapters.mongo.ledger import MongoLedger
from services.funds.adapters.mongo.payment import MongoPaymentFileContents, MongoPaymentFiles, MongoPayments
from services.funds.adapters.mongo.person import MongoPersons
from services.funds.adapters.mongo.proposal import MongoProposals
from services.funds.adapters.mongo.title import MongoTitles


class Repositories:
    """`refer` turns a mail address into a person_ref."""

    def __init__(self, store: Store, refer: Callable[[str], str]) -> None:
        self.titles = MongoTitles(store)
        self.funds = MongoFunds(store)
        self.rules_versions = MongoRulesVersions(store)
        self.budgets = MongoBudgets(store)
        self.ledger = MongoLedger(store)
        self.rounds = MongoRounds(store)
        self.known_actors = MongoKnownActors(store)
        self.known_relations = MongoKnownRelations(store)
        self.applications = MongoApplications(store)
        self.juries = MongoJuries(store)
        self.sessions = MongoSessions(store)
        self.grants = MongoGrants(store)
        self.claims = MongoClaims(store)
        self.used_receipts = MongoUsedReceipts(store)
        self.payments = MongoPayments(store)
        self.payment_files = MongoPaymentFiles(store)
        self.payment_file_contents = MongoPaymentFileContents(store)
        self.persons = MongoPersons(store, refer)
        self.proposals = MongoProposals(store)
        self.ballots = MongoBallots(store)
        self.code_batches = MongoCodeBatches(store)
        self.voting_rights = MongoVotingRights(store)
        self.ballot_votes = MongoBallotVotes(store)
        self.ballot_papers = MongoBallotPapers(store)
