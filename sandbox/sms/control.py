"""The telephones: which there are, what arrived, and who has switched his off."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from sandbox.sms.state import Json, Telephones


class Switch(BaseModel):
    off: bool


class Control:
    def __init__(self, phones: Telephones, changed: Callable[[], None]) -> None:
        self._phones, self._changed = phones, changed

    async def show(self) -> list[Json]:
        return self._phones.view()

    async def show_one(self, number: str) -> Json:
        """By eleven digits, or ten without the country's."""
        eleven = number if len(number) == 11 else f"7{number}"
        known = next((one for one in self._phones.view() if one["number"] == eleven), None)
        if known is None:
            raise HTTPException(404, "nothing was sent to this phone")
        return known

    async def switch(self, number: str, switch: Switch) -> Json:
        eleven = number if len(number) == 11 else f"7{number}"
        self._phones.switch(eleven, switch.off)
        self._changed()
        return await self.show_one(eleven)

    async def clear(self) -> list[Json]:
        self._phones.clear()
        self._changed()
        return self._phones.view()


def build(phones: Telephones, changed: Callable[[], None]) -> APIRouter:
    control = Control(phones, changed)
    router = APIRouter(prefix="/sandbox/phones")
    router.add_api_route("", control.show, methods=["GET"])
    router.add_api_route("", control.clear, methods=["DELETE"])
    router.add_api_route("/{number}", control.show_one, methods=["GET"])
    router.add_api_route("/{number}", control.switch, methods=["POST"])
    return router
