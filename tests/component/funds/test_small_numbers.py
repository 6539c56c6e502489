"""What the pages for residents withhold: sums of few, private persons, places that are too fine."""

from chassis.ports import Role, berlin_day, new_id
from tests.support.city import Started
from tests.support.funds import OFFICE, REGION, a_pot
from tests.support.funds_page import decided, figures, pot_of, visit
from tests.support.funds_round import Round, a_call, a_known_actor


async def test_what_a_call_was_asked_for_is_sealed_until_it_is_over(funds: Started) -> None:
    call = await a_call(funds)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents)
    sealed = await pot_of(funds, call)
    assert (sealed.asked_is_withheld, sealed.asked_cents, sealed.applications) == (True, 0, 0)
    await call.end()
    told = await pot_of(funds, call)
    assert (told.asked_is_withheld, told.asked_cents, told.applications) == (False, 60_000, 3)


async def test_a_sum_of_fewer_than_three_applications_is_told_of_no_pot_and_in_no_total(funds: Started) -> None:
    call = await a_call(funds)
    before = (await figures(funds, "11", call.pot.year)).total
    for cents in (10_000, 20_000):
        await call.apply(cents)
    draft = await call.draft(99_000)
    await call.end()
    own = await pot_of(funds, call)
    assert (own.asked_is_withheld, own.asked_cents, own.applications) == (True, 0, 0), draft.id
    total = (await figures(funds, "11", call.pot.year)).total
    assert (total.asked_cents, total.applications, total.asked_is_withheld) == (
        before.asked_cents,
        before.applications,
        True,
    )


async def test_what_minutes_and_awards_tell_anyway_is_withheld_no_longer(funds: Started) -> None:
    call = await decided(funds, refusals=1)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (3, 180_000, False)


async def test_what_minutes_put_off_hides_no_application_that_nobody_else_knows_of(funds: Started) -> None:
    call = await a_call(funds)
    won, first, second = [await call.apply(cents) for cents in (10_000, 20_000, 30_000)]
    unknown = await call.apply(77_700)
    await call.end()
    await call.check("RefuseApplication", unknown, reason="Der Verein hat seinen Sitz nicht in Berlin.")
    await call.begin(won, first, second)
    await call.vote(won, "yes", "yes", "yes")
    await call.conclude(won)
    await call.act("DeferItem", application_id=first.id, reason="Es fehlt ein Angebot.")
    await call.check("WithdrawApplication", second, reason="Das Fest fällt aus.")
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    told = (3, 60_000, True)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == told
    # Refused in a session whose minutes are not approved yet, it stands in those of the session before.
    await call.plan()
    await call.act("InviteJury")
    assert call.session_at is not None
    await funds.move_clock(call.session_at)
    await call.act("OpenSession", present_member_ids=call.members)
    await call.vote(first, "no", "no", "no")
    await call.conclude(first)
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == told


async def test_of_a_private_person_the_page_has_no_word(funds: Started) -> None:
    call = await decided(funds)
    assert "A private person&#39;s project" in (await visit(funds, f"/regions/{REGION}/{call.pot.year}?lang=en")).text
    for path in (f"/regions/{REGION}/{call.pot.year}", f"/exports/360giving/{REGION}/{call.pot.year}.json"):
        page = (await visit(funds, path)).text
        assert "Projekt einer Privatperson" in page
        assert "Gartenlaube" not in page
        assert "example.org" not in page
        assert "anna" not in page.casefold()


async def test_what_was_withdrawn_hides_itself_alone(funds: Started) -> None:
    call = await a_call(funds)
    garden, bench = await call.apply(80_000), await call.apply(40_000)
    gone = await call.apply(33_300)
    withdraw = {"application_id": gone.id, "reason": "Umzug"}
    await funds.call("ApplicationService/WithdrawApplication", withdraw, Role("applicant"), sub="anna")
    await call.begin(garden, bench)
    for application, choice in ((garden, "yes"), (bench, "no")):
        await call.vote(application, choice, choice)
        await call.conclude(application, reason="zu wenig")
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (1, 80_000, True), (
        "no minutes tell of the bench"
    )
    await call.act("CloseSession")
    await call.act("ApproveMinutes")
    own = await pot_of(funds, call)
    assert (own.applications, own.asked_cents, own.asked_is_withheld) == (2, 120_000, True)


async def test_what_came_from_a_place_with_a_pot_of_its_own_is_counted_there_alone(funds: Started) -> None:
    """Else the total counts it twice, and the larger pot less the smaller one is what the one application from elsewhere asks for."""
    now = await funds.now()
    year = berlin_day(now).year
    pot = await a_pot(funds, rolling=True, region="1110")
    title = {"region": "11", "chapter": "3320", "number": str(int(new_id().replace("-", ""), 16))[-9:], "name": "Titel"}
    years = {"years": [{"year": year, "total_cents": 200}]}
    title_id = (await funds.call("TitleService/PlanTitle", title | years, OFFICE)).title.id
    pots = {}
    for region in ("1110", "111001"):
        plan = {"fund_id": pot.fund_id, "title_id": title_id, "region": region, "year": year, "planned_cents": 100}
        pots[region] = (await funds.call("BudgetService/PlanBudget", plan, OFFICE)).budget.id
    call = Round(funds, pot, "", now)
    for cents in (10_000, 20_000, 30_000):
        await call.apply(cents, region="111001")
    await call.apply(44_400, region="111002")
    found = await figures(funds, "1110", year)
    told = {one.region: one.figures for one in found.pots if one.budget_id in pots.values()}
    inner, outer = told["111001"], told["1110"]
    assert (inner.applications, inner.asked_cents, inner.asked_is_withheld) == (3, 60_000, False)
    assert (outer.applications, outer.asked_cents, outer.asked_is_withheld) == (0, 0, True)
    assert found.total.asked_cents == sum(one.figures.asked_cents for one in found.pots)


async def test_of_a_private_person_no_place_is_told_that_is_finer_than_a_district_region(funds: Started) -> None:
    call = await a_call(funds)
    person = await call.apply(60_000, region="11400930")
    garden = await call.apply(80_000, await a_known_actor(funds), region="11400931")
    await call.begin(person, garden)
    for application in (person, garden):
        await call.vote(application, "yes", "yes")
        await call.conclude(application)
    found = await funds.call("GrantService/ListGrants", {"fund_id": call.pot.fund_id})
    assert {grant.application_id: grant.region for grant in found.grants} == {
        person.id: "114009",
        garden.id: "11400931",
    }
    near = await funds.call("GrantService/ListGrants", {"fund_id": call.pot.fund_id, "region": "11400930"})
    assert not near.grants
    grant = next(grant for grant in found.grants if grant.application_id == person.id)
    (said,) = await funds.said(grant.id)
    assert said.subject.endswith(".11.1140.114009.0")
