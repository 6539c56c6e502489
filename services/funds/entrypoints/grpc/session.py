"""SessionService: jury sessions, their agenda, votes and what follows from them."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.jury_session import (
    CancelSession,
    GetSession,
    InviteJury,
    ListSessions,
    MoveSession,
    PlanSession,
    ScheduleApplications,
)
from services.funds.usecases.sitting import ApproveMinutes, CloseSession, OpenSession, RecordAttendance
from services.funds.usecases.voting import (
    CastVote,
    ConcludeItem,
    DeclareRecusal,
    DeferItem,
    EnterRecusal,
    EnterVote,
    PutMotion,
    RecomputeSession,
    ResolveException,
)


def session_api(do: UseCases) -> Api:
    plan, sit, vote, one = do.sessions, do.sitting, do.voting, "session"
    conclude, conclude_locks = vote.conclude_item, vote.conclude_locks
    return Api(
        "kiezwerk.funds.v1.SessionService",
        command("PlanSession", PlanSession, plan.plan_session, one),
        command("MoveSession", MoveSession, plan.move_session, one),
        command("ScheduleApplications", ScheduleApplications, plan.schedule_applications, one),
        command("InviteJury", InviteJury, plan.invite_jury, one),
        command("OpenSession", OpenSession, sit.open_session, one),
        command("RecordAttendance", RecordAttendance, sit.record_attendance, one),
        command("PutMotion", PutMotion, vote.put_motion, one),
        command("ResolveException", ResolveException, vote.resolve_exception, one),
        command("CastVote", CastVote, vote.cast_vote, one),
        command("EnterVote", EnterVote, vote.enter_vote, one),
        command("DeclareRecusal", DeclareRecusal, vote.declare_recusal, one),
        command("EnterRecusal", EnterRecusal, vote.enter_recusal, one),
        command("ConcludeItem", ConcludeItem, conclude, one, locks=conclude_locks, money=True),
        command("DeferItem", DeferItem, vote.defer_item, one, locks=vote.item_locks),
        command("CloseSession", CloseSession, sit.close_session, one),
        command("ApproveMinutes", ApproveMinutes, sit.approve_minutes, one),
        command("CancelSession", CancelSession, plan.cancel_session, one),
        query("RecomputeSession", RecomputeSession, vote.recompute_session),
        query("GetSession", GetSession, plan.get_session, one),
        query("ListSessions", ListSessions, plan.list_sessions, "sessions"),
    )
