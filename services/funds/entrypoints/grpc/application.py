"""ApplicationService: applications, from the draft to the decision."""

from chassis.rpc import Api, command, query
from services.funds.usecases import UseCases
from services.funds.usecases.admission import AdmitApplication, RequestInfo, StepWithReason
from services.funds.usecases.application import (
    DraftApplication,
    ResubmitApplication,
    ReviseApplication,
    SubmitApplication,
)
from services.funds.usecases.application_file import GetApplication, ListApplications, ListMyApplications
from services.funds.usecases.award import AwardApplication, DeclineApplication
from services.funds.usecases.revision import ReviseDecision
from services.funds.usecases.withdrawal import WithdrawApplication


def application_api(do: UseCases) -> Api:
    mine, file, check, awards = do.applications, do.application_files, do.admission, do.awards
    one, many = "application", "applications"
    submit, award = mine.submit_application, awards.award_application
    revise = do.revisions.revise_decision
    withdraw, give_up_locks = do.withdrawals.withdraw_application, do.withdrawals.withdraw_locks
    return Api(
        "kiezwerk.funds.v1.ApplicationService",
        command("DraftApplication", DraftApplication, mine.draft_application, one),
        command("ReviseApplication", ReviseApplication, mine.revise_application, one),
        command("SubmitApplication", SubmitApplication, submit, one, locks=mine.round_locks),
        command("ResubmitApplication", ResubmitApplication, mine.resubmit_application, one),
        command("RequestInfo", RequestInfo, check.request_info, one),
        command("AdmitApplication", AdmitApplication, check.admit_application, one),
        command("RefuseApplication", StepWithReason, check.refuse_application, one),
        command("ReadmitApplication", StepWithReason, check.readmit_application, one),
        command("WithdrawApplication", WithdrawApplication, withdraw, one, locks=give_up_locks, money=True),
        command("AwardApplication", AwardApplication, award, one, locks=awards.budget_locks, money=True),
        command("DeclineApplication", DeclineApplication, awards.decline_application, one),
        command("ReviseDecision", ReviseDecision, revise, one, locks=do.revisions.revise_locks, money=True),
        query("GetApplication", GetApplication, file.get_application, one),
        query("ListApplications", ListApplications, file.list_applications, many),
        query("ListMyApplications", ListMyApplications, file.list_my_applications, many),
    )
