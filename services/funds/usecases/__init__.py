"""All that funds can do, on one page."""

from dataclasses import dataclass

from services.funds.usecases.actor import ActorUseCases
from services.funds.usecases.admission import AdmissionUseCases
from services.funds.usecases.application import ApplicationUseCases
from services.funds.usecases.award import AwardUseCases
from services.funds.usecases.budget import BudgetUseCases
from services.funds.usecases.claim import ClaimUseCases
from services.funds.usecases.contact import ContactUseCases
from services.funds.usecases.fund import FundUseCases
from services.funds.usecases.funding_round import RoundUseCases
from services.funds.usecases.grant import GrantUseCases
from services.funds.usecases.jury import JuryUseCases
from services.funds.usecases.jury_session import SessionUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.payment import PaymentUseCases
from services.funds.usecases.proof import ProofUseCases
from services.funds.usecases.sitting import SittingUseCases
from services.funds.usecases.statement import StatementUseCases
from services.funds.usecases.title import TitleUseCases
from services.funds.usecases.verification import VerificationUseCases
from services.funds.usecases.voting import VotingUseCases
from services.funds.usecases.year_end import YearEndUseCases


@dataclass(frozen=True, slots=True)
class UseCases:
    titles: TitleUseCases
    funds: FundUseCases
    budgets: BudgetUseCases
    ledger: LedgerUseCases
    verification: VerificationUseCases
    statements: StatementUseCases
    year_end: YearEndUseCases
    rounds: RoundUseCases
    actors: ActorUseCases
    applications: ApplicationUseCases
    admission: AdmissionUseCases
    juries: JuryUseCases
    sessions: SessionUseCases
    sitting: SittingUseCases
    voting: VotingUseCases
    awards: AwardUseCases
    grants: GrantUseCases
    claims: ClaimUseCases
    payments: PaymentUseCases
    proofs: ProofUseCases
    contacts: ContactUseCases
