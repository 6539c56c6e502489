"""The acts in their order: a title, the day on which each begins, and `async def play(stage, story)`."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from kiezctl.demo.acts import (
    actors,
    admission,
    applications,
    jury,
    looking_back,
    money,
    projects,
    session,
    settlement,
)
from kiezctl.demo.figures import Calendar
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story

Act = tuple[str, Callable[[Calendar], datetime], Callable[[Stage, Story], Awaitable[None]]]

ACTS: tuple[Act, ...] = (
    ("Who is there", lambda days: days.preparation, actors.play),
    ("The money, and the call for projects", lambda days: days.preparation, money.play),
    ("The jury", lambda days: days.opening, jury.play),
    ("Seven applications", lambda days: days.applying, applications.play),
    ("The office", lambda days: days.checking, admission.play),
    ("The session", lambda days: days.session, session.play),
    ("The projects", lambda days: days.agreeing, projects.play),
    ("Receipts and proofs", lambda days: days.settling, settlement.play),
    ("Looking back", lambda days: days.settling, looking_back.play),
)
