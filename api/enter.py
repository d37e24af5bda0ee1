"""`/enter`: where the master bot's link leads; its token stands behind the `#`, which no server ever sees."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.docs import POLICY

PAGE: Final = Path(__file__).with_name("enter.html")

routes = APIRouter(include_in_schema=False)


@routes.get("/enter")
def page() -> HTMLResponse:
    return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers={"Content-Security-Policy": POLICY})
