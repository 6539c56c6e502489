"""The gRPC services of funds: a table of rpcs for each noun."""

from chassis.rpc import Api
from services.funds.entrypoints.grpc import (
    application,
    ballot,
    budget,
    claim,
    contact,
    dossier,
    fund,
    funding_round,
    grant,
    jury,
    ledger,
    payment,
    payment_file,
    proof,
    proposal,
    session,
    statement,
    title,
    transparency,
    year_end,
)
from services.funds.entrypoints.ledger_watch import LedgerWatch
from services.funds.usecases import UseCases


def apis(do: UseCases, watch: LedgerWatch) -> tuple[Api, ...]:
    return (
        title.title_api(do),
        fund.fund_api(do),
        budget.budget_api(do),
        ledger.ledger_api(do, watch),
        statement.statement_api(do),
        year_end.year_end_api(do),
        funding_round.round_api(do),
        application.application_api(do),
        jury.jury_api(do),
        session.session_api(do),
        grant.grant_api(do),
        claim.claim_api(do),
        payment.payment_api(do),
        payment_file.payment_file_api(do),
        proof.proof_api(do),
        contact.contact_api(do),
        proposal.proposal_api(do),
        ballot.ballot_api(do),
        ballot.voting_api(do),
        transparency.transparency_api(do),
        dossier.dossier_api(do),
    )
