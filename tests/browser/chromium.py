"""The browser of this machine, and what a page is tried for in it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

# Nothing is fetched by the browser itself, and it runs as root in a container.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}


def program() -> str:
    """The full path of a Chromium; empty when there is none."""
    return shutil.which(os.environ.get("KIEZ_CHROMIUM") or "chromium") or ""


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=program(), args=list(FLAGS))
        yield browser
        await browser.close()


async def violations(page: Page) -> list[str]:
    """What axe finds wrong, by rule and place."""
    # The page's own policy lets no script in; a debugger's may run.
    session = await page.context.new_cdp_session(page)
    await session.send("Runtime.evaluate", {"expression": Path(AXE_FILE_PATH).read_text(encoding="utf-8")})
    answer = await session.send(
        "Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True}
    )
    found = answer["result"]["value"]
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


async def reached_by_keyboard(page: Page) -> list[str]:
    """What Tab comes to from the beginning to the end: the address, name or role of each."""
    focused = "document.activeElement"
    told = (
        f"(({focused}.getAttribute('href') || {focused}.name || {focused}.getAttribute('role') || {focused}.tagName))"
    )
    reached: list[str] = []
    await page.evaluate("document.body.focus()")
    while True:
        await page.keyboard.press("Tab")
        if await page.evaluate(f"{focused} === document.body || {focused} === null"):
            return reached
        assert len(reached) < 500, "Tab comes to no end"
        outline = await page.evaluate(f"getComputedStyle({focused}).outlineStyle")
        assert outline != "none", "what has the focus must be seen"
        reached.append(str(await page.evaluate(told)))
