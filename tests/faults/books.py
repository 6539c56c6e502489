"""The ledger from the messages alone, against what the stores keep."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.evidence import Evidence, Row

# Movements of a grant, and where it keeps their sum.
KEPT_AS = {"uncommit": "returned_cents", "refund_received": "refunded_cents"}
OVER = ("settled", "cancelled")
ACCOUNTS = ("available", "blocked", "committed", "paid", "carried", "receivable", "lapsed")


def astray(found: Evidence) -> Iterator[str]:
    """A sentence for each cent that is not where it should be: postings sum to zero, and the stores keep the same balances."""
    books: dict[str, Counter[str]] = defaultdict(Counter)
    numbers = defaultdict(list)
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    for message in found.of("ledger_posted"):
        body, budget = message.body, message.aggregate
        if sum(line["amount_cents"] for line in body["lines"]) != 0:
            yield f"posting {body['number']} of {budget} does not sum to zero"
        numbers[budget].append(body["number"])
        for line in body["lines"]:
            books[budget][line["account"]] += line["amount_cents"]
        if body["grant_id"]:
            amount = max(line["amount_cents"] for line in body["lines"])
            moved[body["kind"], body["grant_id"]].append(amount)
    for budget, posted in numbers.items():
        if posted != list(range(1, len(posted) + 1)):
            yield f"budget {budget} has postings {posted}"
    for row in found.rows["funds"].get("budgets", ()):
        kept = {account: row[f"{account}_cents"] for account in ACCOUNTS}
        counted = {account: books[row["_id"]][account] for account in ACCOUNTS}
        if kept != counted or min(kept.values()) < 0:
            yield f"budget {row['_id']} keeps {kept}; its messages say {counted}"
    yield from _titles(found, books)
    yield from _grants(found, moved)


def _titles(found: Evidence, books: Mapping[str, Counter[str]]) -> Iterator[str]:
    drawn: Counter[tuple[str, int]] = Counter()
    for row in found.rows["funds"].get("budgets", ()):
        drawn[row["title_id"], row["year"]] -= books[row["_id"]]["title"] if row["_id"] in books else 0
    for row in found.rows["funds"].get("titles", ()):
        for year in row["years"]:
            counted = drawn[row["_id"], year["year"]]
            if year["released_cents"] != counted:
                yield f"title {row['_id']} gave {year['released_cents']}; its budgets drew {counted}"


def _grants(found: Evidence, moved: Mapping[tuple[str, str], list[int]]) -> Iterator[str]:
    """An award that was taken back and made again is the same grant: what the first one took went back before."""
    paid: dict[str, list[int]] = defaultdict(list)
    for payment in found.rows["funds"].get("payments", ()):
        if payment["status"] == "paid":
            paid[payment["grant_id"]].append(payment["amount_cents"])
    awarded = defaultdict(list)
    for message in found.of("grant_awarded"):
        awarded[message.aggregate].append(message.body["state"]["approved_cents"])
    for grant in found.rows["funds"].get("grants", ()):
        awards = awarded[grant["_id"]]
        if moved.get(("commit", grant["_id"]), []) != awards or awards[-1:] != [grant["approved_cents"]]:
            yield f"grant {grant['_id']} of {grant['approved_cents']}: committed {moved.get(('commit', grant['_id']))}"
        if sorted(moved.get(("pay", grant["_id"]), [])) != sorted(paid[grant["_id"]]):
            yield f"grant {grant['_id']}: posted {moved.get(('pay', grant['_id']))}, paid {paid}"
        if grant["paid_cents"] != sum(paid[grant["_id"]]):
            yield f"grant {grant['_id']} keeps {grant['paid_cents']} as paid"
        yield from _settled(grant, moved, sum(awards[:-1]))
    known = {grant["_id"] for grant in found.rows["funds"].get("grants", ())}
    yield from (f"a posting names {id}, which is no grant" for kind, id in moved if id not in known)


def _settled(grant: Row, moved: Mapping[tuple[str, str], list[int]], undone: int) -> Iterator[str]:
    """What came back is kept as it was posted; once all is over what was paid and what returned is what was approved."""
    posted = {kind: sum(moved.get((kind, grant["_id"]), [])) for kind in (*KEPT_AS, "pay")}
    posted["uncommit"] -= undone
    for kind, name in KEPT_AS.items():
        if grant[name] != posted[kind]:
            yield f"grant {grant['_id']} keeps {grant[name]} as {name}; its postings say {posted[kind]}"
    if grant["status"] in OVER and posted["pay"] + posted["uncommit"] != grant["approved_cents"]:
        yield f"grant {grant['_id']} of {grant['approved_cents']} is {grant['status']} with {posted}"
