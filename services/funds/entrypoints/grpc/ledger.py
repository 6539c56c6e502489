"""LedgerService: postings, their reversal, and the proof."""

from chassis.rpc import Api, command, query
from services.funds.entrypoints.ledger_watch import LedgerWatch
from services.funds.usecases import UseCases
from services.funds.usecases.ledger import ListPostings, ReversePosting
from services.funds.usecases.verification import VerifyLedger


def ledger_api(do: UseCases, watch: LedgerWatch) -> Api:
    return Api(
        "kiezwerk.funds.v1.LedgerService",
        query("ListPostings", ListPostings, do.ledger.list_postings, "postings"),
        command(
            "ReversePosting",
            ReversePosting,
            do.ledger.reverse_posting,
            "budget",
            locks=do.ledger.title_and_budget,
            money=True,
        ),
        query("VerifyLedger", VerifyLedger, watch.verify_ledger, seconds=300),
    )
