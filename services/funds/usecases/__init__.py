"""All that funds can do, on one page."""

from dataclasses import dataclass

from services.funds.usecases.actor import ActorUseCases
from services.funds.usecases.admission import AdmissionUseCases
from services.funds.usecases.application import ApplicationUseCases
from services.funds.usecases.application_file import ApplicationFileUseCases
from services.funds.usecases.assembly import AssemblyUseCases
from services.funds.usecases.award import AwardUseCases
from services.funds.usecases.ballot import BallotUseCases
from services.funds.usecases.ballot_count import BallotCountUseCases
from services.funds.usecases.budget import BudgetUseCases
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
from services.funds.usecases.grant_reading import GrantReadings
from services.funds.usecases.jury import JuryUseCases
from services.funds.usecases.jury_session import SessionUseCases
from services.funds.usecases.ledger import LedgerUseCases
from services.funds.usecases.payment import PaymentUseCases
from services.funds.usecases.payment_file import PaymentFileUseCases
from services.funds.usecases.proof import ProofUseCases
from services.funds.usecases.proposal import ProposalUseCases
from services.funds.usecases.proposal_council import ProposalCouncilUseCases
from services.funds.usecases.proposal_review import ProposalReviewUseCases
from services.funds.usecases.proposal_withdrawal import ProposalWithdrawalUseCases
from services.funds.usecases.revision import RevisionUseCases
from services.funds.usecases.sitting import SittingUseCases
from services.funds.usecases.statement import StatementUseCases
from services.funds.usecases.title import TitleUseCases
from services.funds.usecases.transparency import TransparencyUseCases
from services.funds.usecases.verification import VerificationUseCases
from services.funds.usecases.voting import VotingUseCases
from services.funds.usecases.voting_code import VotingCodeUseCases
from services.funds.usecases.withdrawal import WithdrawalUseCases
from services.funds.usecases.written_procedure import WrittenProcedureUseCases
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
    application_files: ApplicationFileUseCases
    withdrawals: WithdrawalUseCases
    admission: AdmissionUseCases
    juries: JuryUseCases
    sessions: SessionUseCases
    sitting: SittingUseCases
    voting: VotingUseCases
    assemblies: AssemblyUseCases
    concluding: ConcludingUseCases
    correcting: CorrectingUseCases
    deferring: DeferringUseCases
    revisions: RevisionUseCases
    written_procedures: WrittenProcedureUseCases
    awards: AwardUseCases
    grants: GrantUseCases
    grant_readings: GrantReadings
    claims: ClaimUseCases
    payments: PaymentUseCases
    payment_files: PaymentFileUseCases
    proofs: ProofUseCases
    contacts: ContactUseCases
    proposals: ProposalUseCases
    proposal_review: ProposalReviewUseCases
    proposal_council: ProposalCouncilUseCases
    proposal_withdrawals: ProposalWithdrawalUseCases
    ballots: BallotUseCases
    ballot_count: BallotCountUseCases
    voting_codes: VotingCodeUseCases
    transparency: TransparencyUseCases
    exports: ExportUseCases
    dossiers: DossierUseCases
