"""AnnouncementService."""

from chassis.rpc import Api, command, query
from services.notify.usecases import UseCases
from services.notify.usecases.announcement import (
    CreateAnnouncement,
    GetAnnouncement,
    ListAnnouncements,
    PublishAnnouncement,
    ScheduleAnnouncement,
    UpdateAnnouncement,
    WithdrawAnnouncement,
)


def announcement_api(do: UseCases) -> Api:
    use = do.announcements
    return Api(
        "kiezwerk.notify.v1.AnnouncementService",
        command("CreateAnnouncement", CreateAnnouncement, use.create_announcement, "announcement"),
        command("UpdateAnnouncement", UpdateAnnouncement, use.update_announcement, "announcement"),
        command("ScheduleAnnouncement", ScheduleAnnouncement, use.schedule_announcement, "announcement"),
        command("PublishAnnouncement", PublishAnnouncement, use.publish_announcement, "announcement"),
        command("WithdrawAnnouncement", WithdrawAnnouncement, use.withdraw_announcement, "announcement"),
        query("GetAnnouncement", GetAnnouncement, use.get_announcement, "announcement"),
        query("ListAnnouncements", ListAnnouncements, use.list_announcements, "announcements"),
    )
