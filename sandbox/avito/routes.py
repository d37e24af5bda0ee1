"""The published paths of Avito's API, and the addresses of its media."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from sandbox.avito.gate import Endpoint, Gate
from sandbox.avito.reading import Reading
from sandbox.avito.records import Json
from sandbox.avito.refused import invalid
from sandbox.avito.sending import Sending
from sandbox.avito.shapes import MEDIA
from sandbox.avito.state import Avito
from sandbox.avito.subscribing import Subscribing

FORM = "application/x-www-form-urlencoded"
EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
V1 = "/messenger/v1/accounts/{user_id}"
V2 = "/messenger/v2/accounts/{user_id}"
V3 = "/messenger/v3/accounts/{user_id}"


def build(avito: Avito, changed: Callable[[], None]) -> APIRouter:
    """`changed` is called after every change."""
    gate = Gate(avito, changed)
    reading, sending, subscribing = Reading(avito, gate), Sending(avito, gate), Subscribing(avito)
    known = gate.behind_token
    router = APIRouter(include_in_schema=False)

    def at(method: str, path: str, endpoint: Endpoint) -> None:
        router.add_api_route(path, endpoint, methods=[method], response_model=None)

    # The busiest first: routes are tried in this order.
    at("GET", V3 + "/chats/{chat_id}/messages/", known(reading.messages))
    at("POST", V1 + "/chats/{chat_id}/messages", known(sending.text, posts=True, changes=True))
    at("GET", V2 + "/chats", known(reading.chats))
    at("GET", V2 + "/chats/{chat_id}", known(reading.chat))
    at("POST", V1 + "/chats/{chat_id}/read", known(reading.read, changes=True))
    at("POST", V1 + "/chats/{chat_id}/messages/image", known(sending.image, posts=True, changes=True))
    at("POST", V1 + "/chats/{chat_id}/messages/{message_id}", known(sending.delete, changes=True))
    at("POST", V1 + "/uploadImages", known(sending.upload, changes=True))
    at("GET", V1 + "/getVoiceFiles", known(reading.voices, changes=True))
    at("GET", "/core/v1/accounts/self", known(reading.own_account))
    at("POST", "/messenger/v3/webhook", known(subscribing.subscribe, changes=True))
    at("POST", "/messenger/v1/subscriptions", known(reading.subscriptions))
    at("POST", "/messenger/v1/webhook/unsubscribe", known(subscribing.unsubscribe, changes=True))
    at("POST", V2 + "/blacklist", known(sending.block, changes=True))
    tokens = _Tokens(avito, changed)
    at("POST", "/token", gate.open(tokens.issue))
    at("POST", "/token/", gate.open(tokens.moved))
    media = _Media(avito)
    at("GET", MEDIA + "/images/{image_id}/{size}", gate.open(media.image))
    at("GET", MEDIA + "/voices/{key}.mp4", gate.open(media.voice))
    for path in ("/messenger/{rest:path}", "/core/{rest:path}", "/token"):
        router.add_api_route(path, gate.unknown(), methods=EVERY_METHOD, response_model=None)
    return router


class _Tokens:
    def __init__(self, avito: Avito, changed: Callable[[], None]) -> None:
        self._avito = avito
        self._changed = changed

    async def issue(self, request: Request, summary: Json) -> Response:
        if request.headers.get("content-type", "").split(";")[0].strip() != FORM:
            raise invalid(content_type=f"{FORM} is expected")
        async with request.form() as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
        summary["grant_type"] = given.get("grant_type")
        if missing := {"client_id", "client_secret", "grant_type"} - given.keys():
            raise invalid(**dict.fromkeys(missing, "required"))
        if given["grant_type"] != "client_credentials":
            raise invalid(grant_type="only client_credentials is stood in for")
        answer = self._avito.tokens.issue(given["client_id"], given["client_secret"])
        self._changed()
        return JSONResponse(answer)

    async def moved(self, _request: Request, _summary: Json) -> Response:
        """The guide's example has a slash at the end, and curl -L: it is somewhere else."""
        return RedirectResponse("/token", 301)


class _Media:
    def __init__(self, avito: Avito) -> None:
        self._avito = avito

    async def image(self, request: Request, _summary: Json) -> Response:
        params = request.path_params
        data, content_type = self._avito.media.picture(params["image_id"], params["size"])
        return Response(data, media_type=content_type)

    async def voice(self, request: Request, _summary: Json) -> Response:
        return Response(self._avito.media.voice(request.path_params["key"]), media_type="video/mp4")
