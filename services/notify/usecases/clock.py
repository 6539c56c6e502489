"""The machine clock as use cases see it: it decides leases and retries, never what a person would call a date."""

from collections.abc import Callable
from datetime import datetime

MachineClock = Callable[[], datetime]
