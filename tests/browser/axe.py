"""What axe finds on a page: every violation that is serious or critical, contrast among them."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

AXE: Final = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
BAD: Final = ("serious", "critical")
RUN: Final = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help,
    places: nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
}"""


async def violations(page: Page) -> list[str]:
    """One line for each place."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(RUN)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {place}"
        for one in found
        if one["impact"] in BAD
        for place in one["places"]
    ]


async def assert_accessible(page: Page) -> None:
    found = await violations(page)
    assert found == [], "\n\n".join(found)
