"""How a page is laid out, for those who see it small and for those who hear its headings."""

from itertools import pairwise
from typing import Any, Final

from playwright.async_api import Page, ViewportSize, expect

NARROW: Final[ViewportSize] = {"width": 360, "height": 740}
"""The smallest telephone that is still sold."""

WIDER: Final = """() => {
  const room = document.documentElement.clientWidth;
  const whole = document.documentElement.scrollWidth;
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    const { left, right, width, height } = one.getBoundingClientRect();
    const beside = width > 1 && height > 1 && (right > room + 1 || left < -1);
    return beside && one.checkVisibility({ opacityProperty: true }) && !scrolls(one.parentElement);
  });
  return [whole > room && `${whole} px in ${room}`, ...out.map((one) => one.outerHTML.slice(0, 160))].filter(Boolean);
}"""
HEADINGS: Final = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((one) => one.checkVisibility())
  .map((one) => [Number(one.tagName[1]), one.textContent])"""


async def assert_no_sideways_scrolling(page: Page) -> None:
    """At the width of the smallest telephone; afterwards the page is as wide as before."""
    before = page.viewport_size
    await page.set_viewport_size(NARROW)
    wider: list[str] = await page.evaluate(WIDER)
    if before is not None:
        await page.set_viewport_size(before)
    assert wider == [], "\n".join(wider)


async def assert_headings_in_order(page: Page) -> None:
    """One for the page, and none that skips a level."""
    # What could not be shown is asked for again when the line of events stands: the place is empty for a moment.
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    found: list[tuple[int, Any]] = await page.evaluate(HEADINGS)
    levels = [level for level, _ in found]
    assert levels[:1] == [1], found
    assert levels.count(1) == 1, found
    assert all(one <= before + 1 for before, one in pairwise(levels)), found
