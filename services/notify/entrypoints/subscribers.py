"""What notify hears, and to whom it then writes."""

from chassis.inbox import Stream, heard_from
from services.notify.entrypoints.heard import events, funds
from services.notify.usecases import UseCases


def subscribers(do: UseCases) -> tuple[Stream, ...]:
    return (heard_from("FUNDS", *funds.ears(do)), heard_from("EVENTS", *events.ears(do)))
