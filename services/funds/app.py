"""Where funds is put together: the only module that knows all of its parts."""

from datetime import timedelta
from functools import partial

from chassis.metrics import Metrics
from chassis.persons import person_ref
from chassis.rpc import Neighbour
from chassis.runtime import Service
from chassis.store import Store
from services.funds.adapters.actor_owner import GrpcActorOwner
from services.funds.adapters.mongo.repositories import Repositories
from services.funds.entrypoints.access import ACCESS
from services.funds.entrypoints.grpc import apis
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
from services.funds.usecases.award import AwardUseCases
from services.funds.usecases.budget import BudgetUseCases
from services.funds.usecases.claim import ClaimUseCases
from services.funds.usecases.contact import ContactUseCases
from services.funds.usecases.fund import FundUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.grant import GrantUseCases
from services.funds.usecases.grant_money import GrantMoney
from services.funds.usecases.jury import JuryUseCases
from services.funds.usecases.jury_session import SessionUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.payment import PaymentUseCases
from services.funds.usecases.ports import ActorOwner
from services.funds.usecases.proof import ProofUseCases
from services.funds.usecases.receipt import ReceiptDesk
from services.funds.usecases.sitting import SittingUseCases
from services.funds.usecases.statement import StatementUseCases
from services.funds.usecases.title import TitleUseCases
from services.funds.usecases.verification import VerificationUseCases
from services.funds.usecases.voting import VotingUseCases
from services.funds.usecases.year_end import YearEndUseCases


def use_cases(kept: Repositories, owner: ActorOwner) -> UseCases:
    desk = ReceiptDesk(kept.used_receipts)
    rounds = RoundUseCases(kept.funds, kept.budgets, kept.rounds, undecided=kept.applications.undecided)
    applicants = Applicants(kept.known_actors, owner)
    affiliations = Affiliations(kept.applications, kept.known_actors, kept.known_relations)
    awards = AwardUseCases(kept.applications, kept.budgets, kept.ledger, kept.grants, applicants)
    money = GrantMoney(kept.budgets, kept.ledger)
    return UseCases(
        titles=TitleUseCases(kept.titles),
        funds=FundUseCases(kept.funds, kept.rules_versions),
        budgets=BudgetUseCases(kept.titles, kept.funds, kept.budgets, kept.ledger),
        ledger=LedgerUseCases(kept.titles, kept.budgets, kept.ledger),
        verification=VerificationUseCases(kept.titles, kept.budgets, kept.ledger, kept.grants),
        statements=StatementUseCases(kept.titles, kept.budgets, kept.ledger, kept.grants),
        year_end=YearEndUseCases(kept.funds, kept.budgets, kept.ledger, kept.grants, money),
        rounds=rounds,
        actors=ActorUseCases(kept.known_actors, kept.known_relations),
        applications=ApplicationUseCases(
            kept.funds, kept.rounds, kept.applications, kept.sessions, kept.persons, applicants
        ),
        admission=AdmissionUseCases(kept.applications),
        juries=JuryUseCases(kept.funds, kept.juries, kept.persons),
        sessions=SessionUseCases(kept.funds, kept.budgets, kept.rounds, kept.juries, kept.sessions, kept.applications),
        sitting=SittingUseCases(kept.funds, kept.juries, kept.sessions, affiliations, rounds),
        voting=VotingUseCases(kept.juries, kept.sessions, kept.applications, affiliations, awards),
        awards=awards,
        grants=GrantUseCases(kept.grants, money, kept.applications),
        claims=ClaimUseCases(kept.claims, kept.grants, desk),
        payments=PaymentUseCases(kept.payments, kept.grants, kept.budgets, kept.ledger),
        proofs=ProofUseCases(kept.grants, money, desk),
        contacts=ContactUseCases(kept.persons),
    )


def build(settings: FundsSettings) -> Service:
    store = Store(settings.store_uri.get_secret_value(), settings.store_name)
    actors = Neighbour("actors", settings.actors_address, settings.token_file, settings.tls_ca)
    do = use_cases(Repositories(store, partial(person_ref, settings.person_key())), GrpcActorOwner(actors))
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
        jobs=(watch.run,),
        neighbours=(actors,),
        metrics=metrics,
    )
