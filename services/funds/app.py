"""Where funds is put together: the only module that knows all of its parts."""

import secrets
from datetime import timedelta
from functools import partial

from chassis.metrics import Metrics
from chassis.persons import person_ref
from chassis.ports import Clock
from chassis.rpc import Neighbour
from chassis.runtime import Service
from chassis.store import Store
from services.funds.adapters.actor_owner import GrpcActorOwner
from services.funds.adapters.code_seals import HmacCodeSeals
from services.funds.adapters.mongo.repositories import Repositories
from services.funds.entrypoints.access import ACCESS
from services.funds.entrypoints.grpc import apis
from services.funds.entrypoints.http import routes
from services.funds.entrypoints.ledger_watch import LedgerWatch
from services.funds.entrypoints.subscribers import subscribers
from services.funds.entrypoints.timers import timers
from services.funds.messages.published import PUBLISHED
from services.funds.settings import FundsSettings
from services.funds.usecases import UseCases
from services.funds.usecases.actor import ActorUseCases
from services.funds.usecases.admission import AdmissionUseCases
from services.funds.usecases.affiliation import Affiliations
from services.funds.usecases.applicant import Applicants
from services.funds.usecases.application import ApplicationUseCases
from services.funds.usecases.application_file import ApplicationFileUseCases
from services.funds.usecases.assembly import AssemblyUseCases
from services.funds.usecases.award import AwardUseCases
from services.funds.usecases.ballot import BallotUseCases
from services.funds.usecases.ballot_count import BallotCountUseCases
from services.funds.usecases.budget import BudgetUseCases
from services.funds.usecases.chairing import Chairing
from services.funds.usecases.claim import ClaimUseCases
from services.funds.usecases.concluding import ConcludingUseCases
from services.funds.usecases.contact import ContactUseCases
from services.funds.usecases.correcting import CorrectingUseCases
from services.funds.usecases.deferring import DeferringUseCases
from services.funds.usecases.dossier import DossierUseCases
from services.funds.usecases.export import ExportUseCases
from services.funds.usecases.fund import FundUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.grant import GrantUseCases
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.grant_reading import GrantReadings
from services.funds.usecases.jury import JuryUseCases
from services.funds.usecases.jury_session import SessionUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.payment import PaymentUseCases
from services.funds.usecases.payment_file import PaymentFileUseCases
from services.funds.usecases.ports import ActorOwner, CodeSeals
from services.funds.usecases.proof import ProofUseCases
from services.funds.usecases.proposal import ProposalUseCases
from services.funds.usecases.proposal_council import ProposalCouncilUseCases
from services.funds.usecases.proposal_review import ProposalReviewUseCases
from services.funds.usecases.proposal_withdrawal import ProposalWithdrawalUseCases
from services.funds.usecases.receipt import ReceiptDesk
from services.funds.usecases.recipient import Recipients
from services.funds.usecases.revision import RevisionUseCases
from services.funds.usecases.sitting import SittingUseCases
from services.funds.usecases.statement import StatementUseCases
from services.funds.usecases.taking_back import TakingBack
from services.funds.usecases.title import TitleUseCases
from services.funds.usecases.transparency import TransparencyUseCases
from services.funds.usecases.verification import VerificationUseCases
from services.funds.usecases.voting import VotingUseCases
from services.funds.usecases.voting_code import VotingCodeUseCases
from services.funds.usecases.withdrawal import WithdrawalUseCases
from services.funds.usecases.written_procedure import WrittenProcedureUseCases
from services.funds.usecases.year_end import YearEndUseCases


def use_cases(kept: Repositories, owner: ActorOwner, seals: CodeSeals, clock: Clock) -> UseCases:
    desk = ReceiptDesk(kept.used_receipts)
    rounds = RoundUseCases(kept.funds, kept.budgets, kept.rounds, kept.applications, kept.sessions)
    recipients = Recipients(kept.known_actors)
    applicants = Applicants(kept.known_actors, owner)
    affiliations = Affiliations(kept.applications, kept.known_actors, kept.known_relations)
    awards = AwardUseCases(kept.applications, kept.rounds, kept.budgets, kept.ledger, kept.grants, applicants)
    money = GrantMoney(kept.budgets, kept.ledger)
    taking_back = TakingBack(kept.grants, money, kept.claims, desk)
    chairing = Chairing(kept.juries, kept.sessions, kept.applications, affiliations, applicants)
    deferring = DeferringUseCases(chairing, kept.funds, kept.sessions, kept.applications)
    planning = SessionUseCases(
        kept.funds, kept.budgets, kept.rounds, kept.juries, kept.sessions, kept.applications, deferring
    )
    sitting = SittingUseCases(chairing, kept.funds, kept.juries, kept.sessions, affiliations, rounds, taking_back)
    return UseCases(
        titles=TitleUseCases(kept.titles),
        funds=FundUseCases(kept.funds, kept.rules_versions, kept.juries),
        budgets=BudgetUseCases(kept.titles, kept.funds, kept.budgets, kept.ledger),
        ledger=LedgerUseCases(kept.titles, kept.budgets, kept.ledger),
        verification=VerificationUseCases(kept.titles, kept.budgets, kept.ledger, kept.grants, kept.payments),
        statements=StatementUseCases(kept.titles, kept.budgets, kept.ledger, kept.grants, recipients),
        year_end=YearEndUseCases(kept.funds, kept.budgets, kept.ledger, kept.grants, money, recipients),
        rounds=rounds,
        actors=ActorUseCases(kept.known_actors, kept.known_relations),
        applications=ApplicationUseCases(kept.funds, kept.rounds, kept.applications, kept.persons, applicants),
        application_files=ApplicationFileUseCases(kept.applications, applicants),
        withdrawals=WithdrawalUseCases(kept.applications, kept.rounds, kept.sessions, applicants, taking_back),
        admission=AdmissionUseCases(kept.applications, kept.rounds, kept.sessions, applicants),
        juries=JuryUseCases(kept.funds, kept.juries, kept.persons, kept.sessions),
        sessions=planning,
        sitting=sitting,
        voting=VotingUseCases(chairing, kept.sessions),
        concluding=ConcludingUseCases(chairing, kept.sessions, kept.applications, awards),
        deferring=deferring,
        correcting=CorrectingUseCases(chairing, kept.sessions, kept.applications, kept.grants, taking_back),
        written_procedures=WrittenProcedureUseCases(
            chairing, kept.funds, kept.juries, kept.sessions, planning, sitting
        ),
        assemblies=AssemblyUseCases(
            chairing, kept.funds, kept.budgets, kept.rounds, kept.sessions, kept.persons, deferring, rounds
        ),
        revisions=RevisionUseCases(
            kept.applications, kept.grants, kept.budgets, kept.sessions, money, applicants, recipients, taking_back
        ),
        awards=awards,
        grants=GrantUseCases(kept.grants, money, kept.applications, kept.payments, recipients, taking_back),
        grant_readings=GrantReadings(kept.grants, kept.payments, recipients, clock),
        claims=ClaimUseCases(kept.claims, kept.grants, desk, recipients),
        payments=PaymentUseCases(kept.payments, kept.grants, kept.budgets, kept.ledger, money, recipients),
        payment_files=PaymentFileUseCases(
            kept.payment_files, kept.payment_file_contents, kept.payments, kept.grants, recipients
        ),
        proofs=ProofUseCases(kept.grants, kept.claims, money, desk, recipients),
        contacts=ContactUseCases(kept.persons),
        proposals=ProposalUseCases(kept.proposals, kept.persons),
        proposal_review=ProposalReviewUseCases(kept.proposals, kept.funds, kept.applications),
        proposal_council=ProposalCouncilUseCases(kept.proposals),
        proposal_withdrawals=ProposalWithdrawalUseCases(kept.proposals),
        ballots=BallotUseCases(kept.ballots, kept.proposals, secrets.token_bytes),
        ballot_count=BallotCountUseCases(
            kept.ballots, kept.voting_rights, kept.ballot_votes, kept.ballot_papers, secrets.token_bytes
        ),
        voting_codes=VotingCodeUseCases(
            kept.ballots, kept.code_batches, kept.voting_rights, kept.ballot_votes, seals, secrets.token_bytes
        ),
        transparency=TransparencyUseCases(
            kept.funds, kept.budgets, kept.rounds, kept.applications, kept.sessions, kept.grants, clock
        ),
        exports=ExportUseCases(kept.grants, kept.ledger, kept.applications),
        dossiers=DossierUseCases(kept.sessions, kept.budgets, kept.applications, kept.known_actors),
    )


def build(settings: FundsSettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    actors = Neighbour("actors", settings.actors_address, settings.token_file, settings.tls_ca)
    key = settings.person_key()
    kept = Repositories(store, partial(person_ref, key))
    do = use_cases(kept, GrpcActorOwner(actors), HmacCodeSeals(key), store.clock)
    metrics = Metrics()
    watch = LedgerWatch(do.verification, metrics, timedelta(minutes=settings.prove_minutes))
    return Service(
        name="funds",
        settings=settings,
        store=store,
        published=PUBLISHED,
        apis=apis(do, watch),
        access=ACCESS,
        heard=subscribers(do),
        timers=timers(do),
        routes=routes(do, settings.publisher(), settings.public_url, settings.accessibility_contact, store.clock),
        jobs=(watch.run,),
        neighbours=(actors,),
        metrics=metrics,
    )
