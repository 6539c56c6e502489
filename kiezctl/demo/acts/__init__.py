"""The acts in their order, each with its title; each is `async def play(stage, story)`."""

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

ACTS = (
    ("Who is there", actors.play),
    ("The money, and the call for projects", money.play),
    ("The jury", jury.play),
    ("Seven applications", applications.play),
    ("The office", admission.play),
    ("The session", session.play),
    ("The projects", projects.play),
    ("Receipts and proofs", settlement.play),
    ("Looking back", looking_back.play),
)
