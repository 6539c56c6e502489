"""YearEndService: what is open is carried on, what is over is closed."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.year_end import CarryGrant, CloseYear, ContinueGrant, ListOpenGrants


def year_end_api(do: UseCases) -> Api:
    locks = do.year_end.locks
    return Api(
        "kiezwerk.funds.v1.YearEndService",
        query("ListOpenGrants", ListOpenGrants, do.year_end.list_open_grants, "grants"),
        command("CarryGrant", CarryGrant, do.year_end.carry_grant, "grant", locks=locks, money=True),
        command("ContinueGrant", ContinueGrant, do.year_end.continue_grant, "grant", locks=locks, money=True),
        command("CloseYear", CloseYear, do.year_end.close_year, money=True),
    )
