"""Letters of a running notify: what makes it write one, who sends it, and how it fares."""

from typing import Any

from chassis.ports import new_id
from services.notify.entrypoints.sender import Sender
from tests.support.city import Started, eventually
from tests.support.notify import OPERATOR


def an_application(person_ref: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "region": "114009",
        "fund_name": "Kiezfonds Lichtenberg",
        "title": "Hochbeete am Roederplatz",
        "contact_ref": person_ref,
        "requested_cents": 95000,
        "submitted_at": "2027-01-20T10:00:00Z",
    } | fields


def sender_of(notify: Started) -> Sender:
    """The sender that this service runs."""
    job = notify.running.service.jobs[0]
    owner: Sender = job.__self__  # type: ignore[attr-defined]  # a bound method
    return owner


async def settled(notify: Started, status: str, person_ref: str) -> Any:
    """The notification for this person, once it is in this state."""

    async def look() -> Any:
        request = {"status": f"NOTIFICATION_STATUS_{status}", "page_size": 500}
        listed = await notify.call("NotificationService/ListNotifications", request, OPERATOR)
        return next((n for n in listed.notifications if n.recipient.ref == person_ref), None)

    return await eventually(look)


async def waiting(notify: Started, person_ref: str, reason: str, attempts: int = 1) -> None:
    """Return once the letter to this person waits to be tried again, for this reason."""
    waits = {"recipient.ref": person_ref, "status": "queued", "reason": reason, "attempts": attempts}
    await eventually(lambda: notify.running.service.store.rows("notifications").find_one(waits))


async def hurry(notify: Started) -> None:
    """Make every waiting letter due, as the machine clock would in a while."""
    rows = notify.running.service.store.rows("notifications")
    now = await rows.find_one({}, sort=[("created_at", 1)])
    await rows.update_many({"status": {"$in": ["queued", "sending"]}}, {"$set": {"due_at": now["created_at"]}})
