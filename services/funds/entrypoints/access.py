"""Who may call what: each rpc has its line in the table of its noun; `()` is everyone, without a token."""

from services.funds.entrypoints.grpc import (
    application,
    budget,
    claim,
    contact,
    fund,
    funding_round,
    grant,
    jury,
    ledger,
    payment,
    proof,
    session,
    title,
)

ACCESS: dict[str, tuple[str, ...]] = {
    **title.ACCESS,
    **fund.ACCESS,
    **budget.ACCESS,
    **ledger.ACCESS,
    **funding_round.ACCESS,
    **application.ACCESS,
    **jury.ACCESS,
    **session.ACCESS,
    **grant.ACCESS,
    **claim.ACCESS,
    **payment.ACCESS,
    **proof.ACCESS,
    **contact.ACCESS,
}
