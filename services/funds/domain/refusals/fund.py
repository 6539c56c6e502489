"""How a fund says no."""

from collections.abc import Mapping

from chassis.refusals import Invalid


class RulesContradict(Invalid):
    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("RULES_CONTRADICT", "These rules cannot hold together; see the fields.", fields=fields)


class RulesMissing(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "INVALID_FIELDS", "Please give rules, or the name of a rule set.", fields={"rules": "is required"}
        )


class RulesTwice(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "RULES_TWICE",
            "Give rules or the name of a rule set, not both; to change some, take the set's rules and send those.",
            fields={"rule_set": "must be empty where rules are given"},
        )


class RuleSetUnknown(Invalid):
    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            "RULE_SET_UNKNOWN",
            "There is no such rule set; ListRuleSets names them.",
            fields={"rule_set": f"must be one of {', '.join(names)}"},
        )


class KindMissing(Invalid):
    def __init__(self) -> None:
        super().__init__("INVALID_FIELDS", "Please say what kind of fund it is.", fields={"kind": "is required"})


class KindOfAnotherSet(Invalid):
    def __init__(self, kind: str) -> None:
        super().__init__(
            "KIND_OF_ANOTHER_SET",
            f"These rules are those of a fund of the kind {kind}.",
            fields={"kind": f"must be {kind}, or empty"},
        )


class FundGivesNotInYear(Invalid):
    def __init__(self, year: int, first_year: int, last_year: int) -> None:
        since = f" from {first_year}" if first_year else ""
        until = f" until {last_year}" if last_year else ""
        super().__init__(
            "FUND_GIVES_NOT_IN_YEAR",
            f"By its rules the fund gives money{since}{until}, not in {year}.",
            fields={"year": f"must be a year{since}{until}"},
        )
