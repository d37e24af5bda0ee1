"""An organisation with a bot and an Avito account, and its conversations as each side sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Self
from urllib.parse import quote

from domain.conversations.topic import BUYER
from tests.journeys.http_callers import ManagerApp, good
from tests.journeys.product import Product, eventually
from tests.journeys.sandbox_client import Impossible, SandboxClient

ITEM: Final = {"title": "Велосипед Stels Navigator 500", "price_string": "12 500 ₽", "city": "Тула"}
OPEN: Final = "settled_at IS NULL OR reaction_wanted IS NOT NULL"

_shops = count(1)

Json = Mapping[str, Any]


class ConnectedOrganisation:
    """An organisation of its own with one bot, one group and one Avito account, made through the product's API."""

    def __init__(self, product: Product, sandbox_client: SandboxClient) -> None:
        self.product, self.sandbox_client = product, sandbox_client
        self.manager_app = ManagerApp(product, prefix="/api")
        self.number = next(_shops)
        self.group_id = 0
        self.user_id = 0
        self.bot: dict[str, Any] = {}
        self.account: dict[str, Any] = {}
        self.token = ""
        self.name = f"Магазин {self.number}"
        self.secret = ""

    async def __aenter__(self) -> Self:
        """Everything of the outside world is there; nothing is connected yet."""
        await self.manager_app.__aenter__()
        await self._register()
        made = await self.sandbox_client.do("/bots", token=f"{2_000_000_000 + self.number}:{self.number:035}")
        self.token = made["token"]
        group = await self.sandbox_client.do("/groups", title=self.name, bot_token=self.token)
        self.group_id = group["chat_id"]
        account = await self.sandbox_client.do("/accounts", name=self.name)
        self.user_id, self.secret, self.client_id = account["user_id"], account["client_secret"], account["client_id"]
        return self

    async def __aexit__(self, *_: object) -> None:
        """The product has nothing to do for it any more."""
        if self.account:
            await self.manager_app.ask("DELETE", f"/api/avito/accounts/{self.account['id']}")
        await self.manager_app.__aexit__()

    async def _register(self) -> None:
        """As a newcomer does it who has written to the master bot."""
        body = {"token": await self.link(), "email": self.email, "full_name": "Анна"}
        entered = good(await self.manager_app.ask("POST", "/api/auth/master/exchange", body))
        self.manager_app.http.headers["Authorization"] = f"Bearer {entered['access_token']}"

    @property
    def email(self) -> str:
        """The owner's."""
        return f"shop{self.number}@example.com"

    async def link(self) -> str:
        """The token of the link that the master bot answers the owner with; it works once."""
        secret = {"X-Master-Bot-Secret": self.product.stack.secrets["MASTER_BOT_SECRET"]}
        owner = {"telegram_user_id": 700_000 + self.number}
        made = good(await self.manager_app.ask("POST", "/api/auth/master/link", owner, headers=secret))
        return str(made["link_token"])

    async def connect(self) -> None:
        """Until both webhooks are in their place: from then on nothing waits for a sweep."""
        body: dict[str, Any] = {"token": self.token, "group_chat_id": str(self.group_id)}
        self.bot = good(await self.manager_app.ask("POST", "/api/bots/", body))
        key = {"api_client_id": self.client_id, "api_client_secret": self.secret, "bot_id": self.bot["id"]}
        key["name"] = self.name
        self.account = good(await self.manager_app.ask("POST", "/api/avito/accounts", key))
        await eventually(self._hooked, "both webhooks are set")

    async def _hooked(self) -> bool:
        state = await self.sandbox_client.get("/state")
        [bot] = [one for one in state["bots"] if one["token"] == self.token]
        [account] = [one for one in state["accounts"] if one["user_id"] == self.user_id]
        return bool(bot["webhook"]) and bool(account["subscriptions"])

    async def change(self, **settings: object) -> None:
        good(await self.manager_app.ask("PATCH", "/api/clients/me", settings))

    async def chat(self, buyer: str, *messages: Json, kind: str = "u2i") -> "BuyerChat":
        """A chat that was begun on Avito; `messages` are older."""
        body = {"buyer_name": buyer, "kind": kind, "messages": list(messages)}
        made = await self.sandbox_client.do(
            f"/accounts/{self.user_id}/chats", **body, **({"item": ITEM} if kind == "u2i" else {})
        )
        return BuyerChat(self, made["chat_id"], buyer)

    async def chats(self, buyers: int, name: str = "Покупатель") -> list["BuyerChat"]:
        return [await self.chat(f"{name} {number}") for number in range(1, buyers + 1)]

    async def topics(self) -> list[Json]:
        """Also those that were deleted."""
        group = await self.sandbox_client.group(self.group_id)
        gone = [
            await self.sandbox_client.get(f"/groups/{self.group_id}/topics/{one}") for one in group["deleted_topics"]
        ]
        return [*group["topics"], *gone]

    async def dialogs(self, **query: str) -> list[Any]:
        return list(await self.manager_app.get("/dialogs/", **query))

    async def settled(self, patience: float = 90.0) -> None:
        """Nothing waits any more in either direction, nor on the way to us."""
        mine = "dialog_id IN (SELECT id FROM dialogs WHERE avito_account_id = $1)"

        async def nothing_waits() -> bool:
            if (await self.sandbox_client.get("/state"))["counters"]["hooks_waiting"]:
                return False
            query = f"SELECT count(*) FROM dialog_messages WHERE ({OPEN}) AND {mine}"
            return not await self.product.value(query, self.account["id"])

        await eventually(nothing_waits, "nothing is left to do", patience, pause=0.2)

    async def swept(self) -> None:
        """Two whole sweeps later: what they bring up twice would be here by now."""
        path = f"/messenger/v2/accounts/{self.user_id}/chats"

        async def sweeps() -> int:
            return sum(call["path"] == path for call in await self.sandbox_client.calls("avito"))

        before = await sweeps()

        async def more() -> bool:
            return await sweeps() >= before + 3

        await eventually(more, "the chats are swept again", 30, pause=0.3)


@dataclass
class BuyerChat:
    """One conversation; what is told of it is read from the outside world, not from the product."""

    organisation: ConnectedOrganisation
    chat_id: str
    buyer: str
    thread_id: int = 0

    @property
    def sandbox_client(self) -> SandboxClient:
        return self.organisation.sandbox_client

    # What people do.

    async def says(self, text: str = "", **more: object) -> str:
        """The buyer; the id of his message."""
        said = await self.sandbox_client.do(f"{self.path}/messages", **{"text": text, **more})
        return str(said["id"])

    async def says_from_app(self, text: str) -> None:
        """The seller, in Avito's own application."""
        await self.sandbox_client.do(f"{self.path}/as-seller", text=text)

    async def deletes(self, message_id: str) -> None:
        await self.sandbox_client.do(f"{self.path}/messages/{message_id}/delete")

    async def reads(self) -> None:
        await self.sandbox_client.do(f"{self.path}/read")

    async def writes(self, text: str | None = None, **more: object) -> int:
        """The staff, in the topic that there is now; the number of the message."""
        body = {"text": text, **more} if text is not None else more
        made = await self.in_topic("/messages", **body)
        return int(made["message_id"])

    async def in_topic(self, path: str, **body: object) -> Any:
        """A topic that was deleted meanwhile is no place to write: the one that is made for it is waited for."""

        async def done() -> Any:
            thread_id = self.thread_id or int((await self.topic())["thread_id"])
            try:
                made = await self.sandbox_client.do(
                    f"/groups/{self.organisation.group_id}/topics/{thread_id}{path}", **body
                )
            except Impossible:
                self.thread_id = 0
                return None
            self.thread_id = thread_id
            return made

        return await eventually(done, f"{self.buyer} has a topic")

    # What each side sees.

    @property
    def path(self) -> str:
        return f"/accounts/{self.organisation.user_id}/chats/{quote(self.chat_id, safe='')}"

    async def topic(self) -> Json:
        """The one that is alive, as soon as something stands in it."""

        async def there() -> Json | None:
            group = await self.sandbox_client.group(self.organisation.group_id)
            living = [one for one in group["topics"] if self.is_mine(one) and _posts(one)]
            # An answer that was lost leaves an empty topic behind.
            return max(living, key=lambda one: int(one["thread_id"]), default=None)

        return await eventually(there, f"{self.buyer} has a topic")

    def is_mine(self, topic: Json) -> bool:
        return f" · {self.buyer} · " in topic["name"]

    async def posts(self) -> list[Json]:
        return self.posts_in(await self.organisation.topics())

    def posts_in(self, topics: Sequence[Json]) -> list[Json]:
        """What the bot has posted in every topic that the dialog had, but for its card, in the order of time."""
        found = [one for topic in topics if self.is_mine(topic) for one in _posts(topic)]
        return sorted((one for one in found if not is_card(one)), key=lambda one: int(one["message_id"]))

    async def received(self) -> list[Json]:
        """What the buyer has got through our API, oldest first."""
        account = await self.sandbox_client.account(self.organisation.user_id)
        return [one for one in self.chat_in(account)["messages"] if one["via"] == "api"]

    def chat_in(self, account: Json) -> Json:
        [found] = [one for one in account["chats"] if one["id"] == self.chat_id]
        return dict(found)

    async def dialog(self) -> Any:
        """As the product's API tells it."""

        async def there() -> Any:
            return next(
                (one for one in await self.organisation.dialogs() if one["avito_dialog_id"] == self.chat_id), None
            )

        return await eventually(there, f"{self.buyer} has a dialog")

    async def detail(self) -> Any:
        return await self.organisation.manager_app.get(f"/dialogs/{(await self.dialog())['id']}")

    async def shows(self, words: str) -> Json:
        """The post of the bot with these words in it, as soon as it is there."""

        async def there() -> Json | None:
            return next((one for one in await self.posts() if words in text_of(one)), None)

        return await eventually(there, f"{self.buyer}: the topic shows «{words}»")

    async def gets(self, words: str) -> Json:
        """The message with these words in it that the buyer got."""

        async def there() -> Json | None:
            return next((one for one in await self.received() if words in (one["text"] or "")), None)

        return await eventually(there, f"{self.buyer} gets «{words}»")


def _posts(topic: Json) -> list[Json]:
    return [one for one in topic["messages"] if one["by_bot"] and one["kind"] != "service"]


def text_of(post: Json) -> str:
    return str(post["text"] or post["caption"] or "")


def by_buyer(*texts: str) -> list[str]:
    """How the topic shows these messages of the buyer."""
    return [f"{BUYER}: {text}" for text in texts]


def is_card(post: Json) -> bool:
    return bool(post["pinned"]) or "Аккаунт Avito: " in text_of(post)


def texts(posts: Sequence[Json]) -> list[str]:
    return [text_of(post) for post in posts]
