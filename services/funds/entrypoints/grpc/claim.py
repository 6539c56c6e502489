"""ClaimService: receipts for money."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.claim import AcceptClaim, GetClaim, ListClaims, RefuseClaim, SubmitClaim


def claim_api(do: UseCases) -> Api:
    locks = do.claims.decision_locks
    return Api(
        "kiezwerk.funds.v1.ClaimService",
        query("GetClaim", GetClaim, do.claims.get_claim, "claim"),
        query("ListClaims", ListClaims, do.claims.list_claims, "claims"),
        command("SubmitClaim", SubmitClaim, do.claims.submit_claim, "claim", money=True),
        command("AcceptClaim", AcceptClaim, do.claims.accept_claim, "claim", locks=locks, money=True),
        command("RefuseClaim", RefuseClaim, do.claims.refuse_claim, "claim", locks=locks),
    )
