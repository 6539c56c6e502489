"""The acts in their order, each with its title; each is `async def play(stage, story)`."""

from kiezctl.demo.acts import actors, money

ACTS = (
    ("Who is there", actors.play),
    ("The money, and the call for projects", money.play),
)
