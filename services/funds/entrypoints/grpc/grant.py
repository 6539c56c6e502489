"""GrantService: grants from the agreement to their end."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.grant import (
    AgreeGrant,
    CancelGrant,
    ChangePayee,
    CorrectRefund,
    ReceiveRefund,
    RevokeGrant,
    SettleGrant,
)
from services.funds.usecases.grant_reading import GetGrant, ListGrants


def grant_api(do: UseCases) -> Api:
    locks = do.grants.money_locks
    return Api(
        "kiezwerk.funds.v1.GrantService",
        query("GetGrant", GetGrant, do.grant_readings.get_grant),
        query("ListGrants", ListGrants, do.grant_readings.list_grants, "grants"),
        command("AgreeGrant", AgreeGrant, do.grants.agree_grant, "grant"),
        command("ChangePayee", ChangePayee, do.grants.change_payee, "grant"),
        command("SettleGrant", SettleGrant, do.grants.settle_grant, "grant", locks=locks, money=True),
        command("CancelGrant", CancelGrant, do.grants.cancel_grant, "grant", locks=locks, money=True),
        command("RevokeGrant", RevokeGrant, do.grants.revoke_grant, "grant", locks=locks, money=True),
        command("ReceiveRefund", ReceiveRefund, do.grants.receive_refund, "grant", locks=locks, money=True),
        command("CorrectRefund", CorrectRefund, do.grants.correct_refund, "grant", locks=locks, money=True),
    )
