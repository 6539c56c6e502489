"""The pages of regions for everyone: seen, heard and operated, in both languages, on a desk and in a hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser.chromium import DESKTOP, NARROW, reached_by_keyboard, violations
from tests.browser.conftest import Neighbourhood

SIZES = {"desktop": DESKTOP, "narrow": NARROW}
PAGES = ("region", "district", "regions", "accessibility")
every_page = pytest.mark.parametrize("which", PAGES)
both_languages = pytest.mark.parametrize("language", ["de", "en"])


@asynccontextmanager
async def opened(browser: Browser, address: str, **how: Any) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page, and everything that it asked for."""
    context = await browser.new_context(**how)
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = await page.goto(address)
    assert answer is not None
    assert answer.ok
    yield page, asked
    await context.close()


@every_page
@both_languages
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong(
    browser: Browser, neighbourhood: Neighbourhood, which: str, language: str, size: str, scheme: str
) -> None:
    address = f"{getattr(neighbourhood, which)}?lang={language}"
    async with opened(browser, address, viewport=SIZES[size], color_scheme=scheme) as (page, _):
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.lang") == language
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@every_page
async def test_the_keyboard_alone_reaches_everything(
    browser: Browser, neighbourhood: Neighbourhood, which: str
) -> None:
    async with opened(browser, getattr(neighbourhood, which), viewport=DESKTOP) as (page, _):
        reached = await reached_by_keyboard(page)
        operable = await page.locator("a[href], button, select, [tabindex='0']").count()
        assert len(reached) == operable
        assert reached[0] == "#content", "the first is the way past the head of the page"


async def test_the_form_is_used_by_keyboard(browser: Browser, neighbourhood: Neighbourhood) -> None:
    async with opened(browser, f"{neighbourhood.regions}?lang=en", java_script_enabled=False) as (page, _):
        await page.get_by_label("Area").focus()
        await page.keyboard.type("Neu-Lichtenberg")
        await page.keyboard.press("Tab")
        await page.keyboard.type(str(neighbourhood.year))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/regions/114009/{neighbourhood.year}?lang=en")


@every_page
async def test_without_javascript_nothing_is_missing_and_nothing_comes_from_elsewhere(
    browser: Browser, neighbourhood: Neighbourhood, which: str
) -> None:
    address = getattr(neighbourhood, which)
    texts = []
    for scripts in (True, False):
        async with opened(browser, address, java_script_enabled=scripts) as (page, asked):
            texts.append(await page.locator("body").inner_text())
            assert all(url.startswith(neighbourhood.funds.http) for url in asked)
            assert len(asked) == 2, "the page and its style sheet"
            assert await page.locator("script").count() == 0
    assert texts[0] == texts[1]


async def test_the_chart_and_the_table_tell_the_same(browser: Browser, neighbourhood: Neighbourhood) -> None:
    async with opened(browser, f"{neighbourhood.region}?lang=de") as (page, _):
        chart = await page.locator(".chart").inner_text()
        cells = await page.locator("tfoot td").all_inner_texts()
        for cell in cells[2:]:
            assert cell in chart
        bars = page.locator(".chart svg")
        assert await bars.count() == 4
        assert await bars.evaluate_all("all => all.every(bar => bar.getBoundingClientRect().height > 0)")


async def test_the_dossier_is_readable_by_everyone_in_the_jury(browser: Browser, neighbourhood: Neighbourhood) -> None:
    context = await browser.new_context(viewport=NARROW)
    page = await context.new_page()
    await page.set_content(neighbourhood.dossier.decode())
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()
