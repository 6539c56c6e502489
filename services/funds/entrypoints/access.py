"""Who may call what: each rpc has its line in the table of its noun; `()` is everyone, without a token."""

from services.funds.entrypoints.grpc import (
    budget,
    claim,
    contact,
    fund,
    funding_round,
    grant,
    ledger,
    payment,
    proof,
    title,
)

ACCESS: dict[str, tuple[str, ...]] = {
    **title.ACCESS,
    **fund.ACCESS,
    **budget.ACCESS,
    **ledger.ACCESS,
    **funding_round.ACCESS,
    **grant.ACCESS,
    **claim.ACCESS,
    **payment.ACCESS,
    **proof.ACCESS,
    **contact.ACCESS,
}
