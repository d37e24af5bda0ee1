"""Avito's Messenger API: each method is one call with a value or an outcome; no retries."""

from collections.abc import Callable
from typing import Final, TypeAlias
from urllib.parse import quote

import httpx

from gateways.avito import shapes
from gateways.avito.call import Answer, call
from gateways.avito.shapes import AccessToken, Chat, Message, Sent
from gateways.outcome import NotFound

Seen: TypeAlias = Callable[[int | None, int | None], None]
"""Called with limit (calls per minute) and remaining calls of each answer."""

LIST_LIMIT: Final = 100
MAX_OFFSET: Final = 1000
"""Avito's bounds: at most 100 rows a page, at most 1000 skipped."""


class Avito:
    """The service at `base` (a URL without a path), without an account.

    `http` (`http_outcome.open_client`) is shared by all accounts and sets the time-outs.
    """

    def __init__(self, http: httpx.AsyncClient, base: str) -> None:
        self._http = http
        self._base = base.rstrip("/")

    async def token(self, client_id: str, client_secret: str) -> AccessToken:
        """A token by client credentials. Unauthorised or Rejected (400) for an unknown key."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        # With a slash at the end it would be a redirect.
        answer = await call(self._http, "POST", f"{self._base}/token", data=form)
        return answer.read(shapes.read_token)

    async def me(self, token: str) -> int:
        """The id of the token's account."""
        answer = await call(self._http, "GET", f"{self._base}/core/v1/accounts/self", token=token)
        return answer.read(shapes.read_me)

    def account(self, user_id: int, token: str, seen: Seen | None = None) -> "AvitoAccount":
        return AvitoAccount(self._http, self._base, user_id, token, seen)


class AvitoAccount:
    """One account with its token. Only the main account's key may do all this; an employee's may not."""

    def __init__(self, http: httpx.AsyncClient, base: str, user_id: int, token: str, seen: Seen | None = None) -> None:
        self.user_id = user_id
        self._http = http
        self._base = base.rstrip("/")
        self._token = token
        self._seen = seen

    async def chats(self, *, limit: int = LIST_LIMIT, offset: int = 0, unread_only: bool = False) -> list[Chat]:
        """Chats on items and between profiles, in Avito's undocumented order."""
        params = {"chat_types": ",".join(shapes.CHAT_TYPES), "limit": str(limit), "offset": str(offset)}
        if unread_only:
            params["unread_only"] = "true"
        answer = await self._call("GET", f"{self._of('v2')}/chats", params=params)
        return answer.read(shapes.read_chats)

    async def chat(self, chat_id: str) -> Chat:
        answer = await self._call("GET", self._chat("v2", chat_id))
        return answer.read(shapes.read_chat)

    async def messages(self, chat_id: str, *, limit: int = LIST_LIMIT, offset: int = 0) -> list[Message]:
        """Newest first. Marks nothing as read."""
        params = {"limit": str(limit), "offset": str(offset)}
        answer = await self._call("GET", f"{self._chat('v3', chat_id)}/messages/", params=params)
        return answer.read(shapes.read_messages)

    async def send_text(self, chat_id: str, text: str) -> Sent:
        """Not idempotent: a repeated call may be a second message."""
        body = {"message": {"text": text}, "type": "text"}
        answer = await self._call("POST", f"{self._chat('v1', chat_id)}/messages", json=body)
        return answer.read(shapes.read_sent)

    async def upload_image(self, name: str, data: bytes, content_type: str) -> str:
        """The id for `send_image`. JPEG, HEIC, GIF, BMP or PNG up to 24 MB; safe to repeat."""
        files = {"uploadfile[]": (name, data, content_type)}
        answer = await self._call("POST", f"{self._of('v1')}/uploadImages", files=files)
        return answer.read(shapes.read_image_id)

    async def send_image(self, chat_id: str, image_id: str) -> Sent:
        """Without a caption. Not idempotent, like a text."""
        body = {"image_id": image_id}
        answer = await self._call("POST", f"{self._chat('v1', chat_id)}/messages/image", json=body)
        return answer.read(shapes.read_sent)

    async def delete(self, chat_id: str, message_id: str) -> None:
        """Possible within an hour of sending; the chat keeps a deleted message."""
        await self._call("POST", f"{self._chat('v1', chat_id)}/messages/{_segment(message_id)}")

    async def read(self, chat_id: str) -> None:
        """Marks the whole chat read."""
        await self._call("POST", f"{self._chat('v1', chat_id)}/read")

    async def voice_url(self, voice_id: str) -> str:
        """A link to Opus in MP4, valid for an hour; NotFound if Avito names none."""
        answer = await self._call("GET", f"{self._of('v1')}/getVoiceFiles", params={"voice_ids": voice_id})
        url = answer.read(lambda body: shapes.read_voice_url(body, voice_id))
        if url is None:
            raise NotFound(404, "no link to this voice message")
        return url

    async def subscribe(self, url: str) -> None:
        """Adds a webhook. Avito calls it with `{}` first and expects 200 within 2 seconds."""
        await self._call("POST", f"{self._base}/messenger/v3/webhook", json={"url": url})

    async def subscriptions(self) -> list[str]:
        answer = await self._call("POST", f"{self._base}/messenger/v1/subscriptions")
        return answer.read(shapes.read_subscriptions)

    async def unsubscribe(self, url: str) -> None:
        await self._call("POST", f"{self._base}/messenger/v1/webhook/unsubscribe", json={"url": url})

    async def block(self, buyer_id: int, item_id: int | None, reason: int) -> None:
        """Reason 1 is spam, 2 fraud, 3 abuse, 4 other. Avito has no call to undo it."""
        context = {"reason_id": reason} | ({} if item_id is None else {"item_id": item_id})
        body = {"users": [{"user_id": buyer_id, "context": context}]}
        await self._call("POST", f"{self._of('v2')}/blacklist", json=body)

    async def _call(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, str] | None = None,
        json: object = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        return await call(
            self._http, method, url, token=self._token, seen=self._seen, params=params, json=json, files=files
        )

    def _of(self, version: str) -> str:
        return f"{self._base}/messenger/{version}/accounts/{self.user_id}"

    def _chat(self, version: str, chat_id: str) -> str:
        return f"{self._of(version)}/chats/{_segment(chat_id)}"


def _segment(text: str) -> str:
    """One path segment of any id; dots alone would leave the path."""
    return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")
