"""The facts of one aggregate on their way out, one after the other."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Chain:
    """The facts of one aggregate that wait, lowest first, and the task that publishes them."""

    rows: deque[dict[str, Any]] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    blocked: str = ""
