"""Calls that look: own id, chats, messages, voices, subscriptions."""

from itertools import islice

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.avito import shapes
from sandbox.avito.gate import Ask, Gate, ok
from sandbox.avito.records import Chat, Kind
from sandbox.avito.refused import Refused, invalid
from sandbox.avito.state import Avito

MAX_LIMIT = 100
MAX_OFFSET = 1000


class Reading:
    def __init__(self, avito: Avito, gate: Gate) -> None:
        self._avito = avito
        self._gate = gate

    async def own_account(self, ask: Ask) -> Response:
        account = ask.account
        phone = f"7{account.user_id % 10**10:010d}"
        return JSONResponse(
            {
                "id": account.user_id,
                "name": account.name,
                "email": f"user{account.user_id}@example.com",
                "phone": phone,
                "phones": [phone],
                "profile_url": f"https://avito.ru/user/{account.user_id:032x}/profile",
            }
        )

    async def chats(self, ask: Ask) -> Response:
        limit, offset = _page(ask.request)
        kinds = _kinds(ask.request)
        items = _numbers(ask.request, "item_ids")
        unread_only = _flag(ask.request, "unread_only")
        if ask.account.employee:
            return JSONResponse({"chats": []})
        found = self._avito.chats(ask.account, kinds, items, unread_only, limit, offset)
        return JSONResponse({"chats": [self._chat_json(ask, chat) for chat in found]})

    async def chat(self, ask: Ask) -> Response:
        return JSONResponse(self._chat_json(ask, self._gate.chat_of(ask)))

    async def messages(self, ask: Ask) -> Response:
        """Newest first; marks nothing as read."""
        limit, offset = _page(ask.request)
        chat = self._gate.chat_of(ask)
        found = islice(self._avito.newest(chat), offset, offset + limit)
        listed = [shapes.message_json(chat, message, ask.origin) for message in found]
        return JSONResponse({"messages": listed} if chat.wrapped else listed)

    async def read(self, ask: Ask) -> Response:
        self._avito.read_by_seller(self._gate.chat_of(ask))
        return ok()

    async def voices(self, ask: Ask) -> Response:
        if ask.account.employee:
            raise Refused(403)
        if not (voice_ids := _listed(ask.request, "voice_ids")):
            raise invalid(voice_ids="required")
        links = {voice_id: self._avito.media.voice_link(ask.account.user_id, voice_id) for voice_id in voice_ids}
        return JSONResponse({"voices_urls": {voice_id: ask.origin + link for voice_id, link in links.items() if link}})

    async def subscriptions(self, ask: Ask) -> Response:
        return JSONResponse({"subscriptions": [{"url": url, "version": "3"} for url in ask.account.subscriptions]})

    def _chat_json(self, ask: Ask, chat: Chat) -> dict[str, object]:
        return shapes.chat_json(ask.account, chat, next(self._avito.newest(chat), None), ask.origin)


def _page(request: Request) -> tuple[int, int]:
    """Limit and offset."""
    limit = _number(request, "limit", MAX_LIMIT, 1, MAX_LIMIT)
    return limit, _number(request, "offset", 0, 0, MAX_OFFSET)


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not given.isdigit() or not least <= int(given) <= most:
        raise invalid(**{name: f"an integer from {least} to {most} is expected"})
    return int(given)


def _listed(request: Request, name: str) -> list[str]:
    """An array: repeated, or with commas."""
    return [one for value in request.query_params.getlist(name) for one in value.split(",") if one]


def _numbers(request: Request, name: str) -> frozenset[int]:
    given = _listed(request, name)
    if not all(one.isdigit() for one in given):
        raise invalid(**{name: "integers are expected"})
    return frozenset(int(one) for one in given)


def _kinds(request: Request) -> frozenset[str]:
    """Chats about items when nothing is said: others have to be asked for."""
    given = _listed(request, "chat_types") or [Kind.U2I]
    if unknown := set(given) - set(Kind):
        raise invalid(chat_types=f"unknown: {', '.join(sorted(unknown))}")
    return frozenset(given)


def _flag(request: Request, name: str) -> bool:
    given = request.query_params.get(name, "false")
    if given not in ("true", "false"):
        raise invalid(**{name: "true or false is expected"})
    return given == "true"
