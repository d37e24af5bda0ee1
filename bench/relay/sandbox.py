"""A client of the sandbox: creates groups, accounts and chats, writes as buyers, sets faults, reads results."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.relay.counts import MARK, Shown, Tag, tags_in

FIRST_BOT = 3_000_000_000

FAULTY = (
    {"side": "telegram", "fault": "too-many", "every": 20, "path": "sendMessage", "seconds": 1},
    {"side": "telegram", "fault": "server-error", "every": 20, "path": "sendMessage"},
)
"""Every 20th message is refused with 429, and every 20th of the others with 500."""


@dataclass(frozen=True)
class Room:
    """A group with its bot, and an Avito account with its chats."""

    bot_token: str
    group: int
    user_id: int
    client_id: str
    client_secret: str
    chats: tuple[str, ...]


class SandboxClient:
    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url
        self.bots = itertools.count(FIRST_BOT)

    async def add_bot(self, token: str) -> None:
        """Add a bot without a room, such as the product's master bot."""
        await self._post("/sandbox/bots", {"token": token})

    async def room(self, name: str, chats: int) -> Room:
        token = f"{next(self.bots)}:bench-{name}"
        bot = await self._post("/sandbox/bots", {"token": token, "username": f"{name}_bot"})
        group = await self._post("/sandbox/groups", {"title": name, "bot_token": bot["token"]})
        account = await self._post("/sandbox/accounts", {"name": name})
        user_id = account["user_id"]
        made = [await self._chat(user_id, name, number) for number in range(chats)]
        return Room(
            bot["token"], group["chat_id"], user_id, account["client_id"], account["client_secret"], tuple(made)
        )

    async def open_topics(self, room: Room) -> dict[str, int]:
        """Create a topic for each chat; returns threads by chat."""
        path = f"/sandbox/groups/{room.group}/topics"
        return {chat: (await self._post(path, {"name": chat}))["thread_id"] for chat in room.chats}

    async def subscribe(self, room: Room, hook: str) -> None:
        """Register a webhook through Avito's API."""
        form = {"grant_type": "client_credentials", "client_id": room.client_id, "client_secret": room.client_secret}
        async with self.http.post(f"{self.url}/token", data=form) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(f"{self.url}/messenger/v3/webhook", json={"url": hook}, headers=headers) as answer:
            answer.raise_for_status()

    async def write(self, room: Room, tag: Tag) -> None:
        path = f"/sandbox/accounts/{room.user_id}/chats/{room.chats[tag.chat]}/messages"
        await self._post(path, {"type": "text", "text": tag.text()})

    async def seen(self, room: Room) -> set[Tag]:
        """The messages in the topics of the group."""
        group = await self._get(f"/sandbox/groups/{room.group}")
        return {tag for topic in group["topics"] for one in topic["messages"] for tag in tags_in(one.get("text") or "")}

    async def shown(self, room: Room) -> list[Shown]:
        """The messages of the group with their times, from the journal of calls."""
        return [
            Shown(tag, call["at"], MARK in call["body"]["text"])
            for call in await self._get("/sandbox/journal?side=telegram")
            if _is_message(call) and str(call["body"]["chat_id"]) == str(room.group)
            for tag in tags_in(call["body"]["text"])
        ]

    async def posts(self) -> dict[str, float]:
        """Time of the first accepted post to Avito by path."""
        found: dict[str, float] = {}
        for call in await self._get("/sandbox/journal?side=avito"):
            if call["method"] == "POST" and call["path"].endswith("/messages") and call["outcome"] == "200":
                found.setdefault(call["path"], call["at"])
        return found

    async def set_faults(self, faults: Iterable[dict[str, Any]]) -> None:
        for fault in faults:
            await self._post("/sandbox/faults", fault)

    async def clear_faults(self) -> None:
        await self._delete("/sandbox/faults")

    async def clear_journal(self) -> None:
        await self._delete("/sandbox/journal")

    async def violations(self) -> list[str]:
        found: list[str] = await self._get("/sandbox/violations")
        return found

    async def _chat(self, user_id: int, name: str, number: int) -> str:
        new = {"chat_id": f"u2i-{name}~{number}", "buyer_name": f"Покупатель {number}"}
        made: str = (await self._post(f"/sandbox/accounts/{user_id}/chats", new))["chat_id"]
        return made

    async def _get(self, path: str) -> Any:
        async with self.http.get(self.url + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.http.post(self.url + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def _delete(self, path: str) -> None:
        async with self.http.delete(self.url + path) as answer:
            answer.raise_for_status()


def _is_message(call: dict[str, str]) -> bool:
    return call["method"] == "sendMessage" and call["outcome"] == "200"
