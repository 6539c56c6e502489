"""NATS for one service: its connection and stream, what it hears, and what happens when that fails."""

from chassis.bus.address import NatsAddress
from chassis.bus.connection import Connection
from chassis.bus.handling import why_parked
from chassis.bus.hearing import Hearing

__all__ = ["Connection", "Hearing", "NatsAddress", "why_parked"]
