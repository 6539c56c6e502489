"""SessionService: jury sessions, their agenda, votes and what follows from them."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.assembly import CountHands, OpenAssembly, PlanAssembly, RecordHeadcount
from services.funds.usecases.concluding import ConcludeItem
from services.funds.usecases.correcting import CorrectCount, CorrectVote, EnterRecusal, TakeBackRecusal
from services.funds.usecases.deferring import DeferItem
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
    DeclareRecusal,
    EnterVote,
    PutMotion,
    RecomputeSession,
    ResolveException,
)
from services.funds.usecases.written_procedure import OpenWrittenProcedure, PlanWrittenProcedure


def session_api(do: UseCases) -> Api:
    plan, sit, vote, one = do.sessions, do.sitting, do.voting, "session"
    end, defer, mend = do.concluding, do.deferring, do.correcting
    written, assembly = do.written_procedures, do.assemblies
    in_writing = written.plan_written_procedure
    return Api(
        "kiezwerk.funds.v1.SessionService",
        command("PlanSession", PlanSession, plan.plan_session, one, locks=plan.plan_locks),
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
        command("EnterRecusal", EnterRecusal, mend.enter_recusal, one, locks=mend.correct_locks, money=True),
        command("TakeBackRecusal", TakeBackRecusal, mend.take_back_recusal, one),
        command("ConcludeItem", ConcludeItem, end.conclude_item, one, locks=end.conclude_locks, money=True),
        command("DeferItem", DeferItem, defer.defer_item, one, locks=defer.item_locks),
        command("CorrectVote", CorrectVote, mend.correct_vote, one, locks=mend.correct_locks, money=True),
        command("CorrectCount", CorrectCount, mend.correct_count, one, locks=mend.correct_locks, money=True),
        command("PlanWrittenProcedure", PlanWrittenProcedure, in_writing, one, locks=plan.plan_locks),
        command("OpenWrittenProcedure", OpenWrittenProcedure, written.open_written_procedure, one),
        command("PlanAssembly", PlanAssembly, assembly.plan_assembly, one, locks=assembly.plan_locks),
        command("OpenAssembly", OpenAssembly, assembly.open_assembly, one),
        command("RecordHeadcount", RecordHeadcount, assembly.record_headcount, one),
        command("CountHands", CountHands, assembly.count_hands, one),
        command("CloseSession", CloseSession, sit.close_session, one),
        command("ApproveMinutes", ApproveMinutes, sit.approve_minutes, one),
        command("CancelSession", CancelSession, plan.cancel_session, one),
        query("RecomputeSession", RecomputeSession, vote.recompute_session),
        query("GetSession", GetSession, plan.get_session, one),
        query("ListSessions", ListSessions, plan.list_sessions, "sessions"),
    )
