"""Debian's Chromium, or the reason why there is none."""

import os
import shutil
from typing import Final

from playwright.async_api import Browser, Playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
MISSING: Final = f"no {', no '.join(NAMES)} on this machine (Debian: apt-get install chromium)"


def find() -> str | None:
    """Path of the program."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


async def launch(playwright: Playwright, program: str) -> Browser:
    """Without its own sandbox as root, who may not have one."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch(executable_path=program, args=arguments)
