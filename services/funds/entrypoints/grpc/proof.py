"""ProofService: what became of the money."""

from chassis.rpc import Api, command
from services.funds.usecases import UseCases
from services.funds.usecases.proof import AcceptProof, QueryProof, ReopenProof, SubmitProof


def proof_api(do: UseCases) -> Api:
    locks = do.proofs.money_locks
    return Api(
        "kiezwerk.funds.v1.ProofService",
        command("SubmitProof", SubmitProof, do.proofs.submit_proof, "grant"),
        command("QueryProof", QueryProof, do.proofs.query_proof, "grant"),
        command("AcceptProof", AcceptProof, do.proofs.accept_proof, "grant", locks=locks, money=True),
        command("ReopenProof", ReopenProof, do.proofs.reopen_proof, "grant", locks=locks, money=True),
    )
