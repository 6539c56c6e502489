"""How a fund says no."""

from collections.abc import Mapping

from chassis.refusals import Invalid


class RulesContradict(Invalid):
    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("RULES_CONTRADICT", "These rules cannot hold together; see the fields.", fields=fields)
