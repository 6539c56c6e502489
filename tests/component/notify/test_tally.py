"""Letters by state, as a metric."""

from typing import Any

from services.notify.entrypoints.tally import Tally
from tests.support.city import Started, eventually
from tests.support.notify import OPERATOR, MailServer, a_follower


async def test_each_state_has_its_count(notify: Started, mails: MailServer) -> None:
    await a_follower(notify, mails)
    job = notify.running.service.jobs[-1]
    tally: Tally = job.__self__  # type: ignore[attr-defined]  # a bound method
    assert isinstance(tally, Tally)

    async def all_sent() -> Any:
        counted = await notify.call("NotificationService/CountNotifications", {}, OPERATOR)
        return None if counted.queued or counted.sending or counted.broadcasts else counted

    # What still moved would be counted twice.
    counted = await eventually(all_sent)
    await tally.count()
    registry = notify.running.service.metrics.registry
    for status in ("queued", "sending", "delivered", "failed", "dropped"):
        assert registry.get_sample_value("kiez_notifications", {"status": status}) == getattr(counted, status)
    assert counted.delivered >= 1
