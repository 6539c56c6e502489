"""The two clocks: the calendar clock decides what people call dates, the machine clock decides leases, tokens and retries."""

import time
from datetime import UTC, datetime, timedelta


def _whole_milliseconds(instant: datetime) -> datetime:
    # The store keeps milliseconds; what was compared before and after saving must be equal.
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def machine_now() -> datetime:
    """Wall time of the machine, aware, UTC, whole milliseconds."""
    return _whole_milliseconds(datetime.now(UTC))


def machine_seconds() -> float:
    """Seconds that only grow, for measuring and waiting."""
    return time.monotonic()


class CalendarClock:
    """The calendar: the machine's time plus an offset, which only a movable installation ever changes."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return _whole_milliseconds(machine_now() + self.offset)
