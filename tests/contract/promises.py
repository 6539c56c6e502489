"""What the tests of this ring compare: what is said now, what is heard, and what releases promised."""

import dataclasses
import importlib
import importlib.util
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chassis.envelope import Heard
from tools.catalogue.release import RELEASED
from tools.catalogue.said import Message, all_said, services

SAID: dict[str, Message] = {message.type: message for message in all_said()}
PROMISES: dict[str, dict[str, Any]] = {
    f"{path.parent.name} {path.stem}": json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / RELEASED).glob("v*/*.json"))
}


# What actors is going to say (docs/domain.md) and funds already understands; a type leaves this list when it is said.
ANNOUNCED = {
    "kiezwerk.actors.v1.actor_merged",
    "kiezwerk.actors.v1.actor_split",
    "kiezwerk.actors.v1.verification_lapsed",
}


def type_of(promise: str) -> str:
    """The message type of a promise, "v0.1.0 kiezwerk.funds.v1.grant_awarded"."""
    return promise.partition(" ")[2]


def classes_below(package: str) -> Iterator[type]:
    """Every class that is defined in this module or package; none where a service lacks it."""
    if importlib.util.find_spec(package) is None:
        return
    module = importlib.import_module(package)
    found = [package]
    if hasattr(module, "__path__"):
        found += [m.name for m in pkgutil.walk_packages(module.__path__, f"{package}.")]
    for name in found:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and value.__module__ == name:
                yield value


def facts_of(service: str) -> dict[str, tuple[str, ...]]:
    """The service's facts by name, each with the names of its fields."""
    return {
        fact.__name__: tuple(field.name for field in dataclasses.fields(fact))
        for fact in classes_below(f"services.{service}.domain.facts")
        if dataclasses.is_dataclass(fact) and "state" in {field.name for field in dataclasses.fields(fact)}
    }


def heard_by(service: str) -> tuple[type[Heard], ...]:
    """The service's own models of the messages that it hears."""
    found = classes_below(f"services.{service}.messages.consumed")
    return tuple(model for model in found if issubclass(model, Heard) and model.type)


HEARD = tuple((service, model) for service in services() for model in heard_by(service) if model.type not in ANNOUNCED)
AHEAD = tuple(model for service in services() for model in heard_by(service) if model.type in ANNOUNCED)
