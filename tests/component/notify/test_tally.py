"""Letters by state, as a metric."""

from services.notify.entrypoints.tally import Tally
from tests.support.city import Started
from tests.support.notify import OPERATOR, MailServer, a_follower


async def test_each_state_has_its_count(notify: Started, mails: MailServer) -> None:
    await a_follower(notify, mails)
    job = notify.running.service.jobs[-1]
    tally: Tally = job.__self__  # type: ignore[attr-defined]  # a bound method
    assert isinstance(tally, Tally)
    await tally.count()
    registry = notify.running.service.metrics.registry
    counted = await notify.call("NotificationService/CountNotifications", {}, OPERATOR)
    for status in ("queued", "sending", "delivered", "failed", "dropped"):
        assert registry.get_sample_value("kiez_notifications", {"status": status}) == getattr(counted, status)
    assert counted.delivered >= 1
