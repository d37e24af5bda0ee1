"""After the signature contract and certificate lie outside: in the client's mail and in his Telegram, once each."""

import hashlib
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pypdf
import pytest

from embedded.servers.sandbox import MASTER_BOT
from tests.journeys.http_callers import LAPTOP, PHONE, CardRequests, ClientApp, ManagerApp, good, passport
from tests.journeys.product import ANNA, Product, eventually
from tests.journeys.sandbox_client import SandboxClient

pytestmark = pytest.mark.xdist_group("journeys")

BOT_ID: Final = int(MASTER_BOT.partition(":")[0])
LINK: Final = "/api/v1/auth/phone/telegram"


class Telegram:
    """The client's own, with the number that he has registered with."""

    def __init__(self, sandbox: SandboxClient, user_id: int, phone: str) -> None:
        self.sandbox, self.user_id, self.phone = sandbox, user_id, phone

    async def said(self) -> list[dict[str, Any]]:
        """By the bot, oldest first."""
        chat = await self.sandbox.get(f"/private/{self.user_id}/{BOT_ID}")
        return [one for one in chat["messages"] if one["by_bot"]]

    async def proves(self, person: ClientApp) -> None:
        """By the link of the app, with the button of the bot."""

        async def linked() -> Any:
            answer = await person.http.post(LINK)
            return answer.json()["link"] if answer.status_code == 200 else None

        link = urlsplit(str(await eventually(linked, "the bot is known")))
        [payload] = parse_qs(link.query)["start"]
        await self.sandbox.do(f"/private/{self.user_id}/messages", bot_token=MASTER_BOT, text=f"/start {payload}")

        async def asked() -> bool:
            said = await self.said()
            return bool(said and said[-1]["keyboard"])

        await eventually(asked, "the bot asks for the contact")
        own = {"how": "own", "own_phone": f"7{self.phone}"}
        await self.sandbox.do(f"/private/{self.user_id}/contacts", bot_token=MASTER_BOT, **own)

        async def confirmed() -> bool:
            said = await self.said()
            return "подтверждён, и этот чат" in (said[-1]["text"] or "")

        await eventually(confirmed, "the bot has taken the contact")

    async def documents(self) -> list[dict[str, Any]]:
        return [one for one in await self.said() if one["kind"] == "document"]

    async def bytes_of(self, message: dict[str, Any]) -> bytes:
        async with httpx.AsyncClient(base_url=self.sandbox.url, trust_env=False) as http:
            return (await http.get(message["media"]["url"])).content


async def letters(sandbox: SandboxClient, address: str) -> list[dict[str, Any]]:
    return [
        await sandbox.get(f"/mail/{one['id']}")
        for one in await sandbox.get("/mail", to=address)
        if one["attached"] == 2
    ]


async def offered(manager_app: ManagerApp, person: ClientApp, number: str) -> tuple[CardRequests, str]:
    card = manager_app.card_requests(await manager_app.find(person.phone))
    await card.profile(phone=person.phone, email="typed.by@manager.example", name="Мария Ёлкина", address="Тула")
    await card.passport(passport(number))
    await card.photograph("/passport/photo", "passport")
    laptop = await card.add(LAPTOP)
    await card.add(PHONE)
    await card.photograph(f"/devices/{laptop['id']}/photos", "device")
    await card.tariff(2)
    made = await card.generate()
    return card, str(made["contract_id"])


@pytest.mark.timeout(420)
@pytest.mark.parametrize("dying", [(), ("seal", "worker")], ids=["nobody-dies", "workers-die"])
async def test_copies_are_out_of_our_reach(
    product: Product, sandbox_client: SandboxClient, dying: tuple[str, ...]
) -> None:
    number, user_id = ("700001", 7_101) if not dying else ("700002", 7_102)
    address = f"olga{user_id}@example.com"
    await sandbox_client.begin()
    async with ManagerApp(product) as manager_app, ClientApp(product) as person:
        await manager_app.log_in(ANNA)
        await person.register(name="Мария Ёлкина", email=address)
        telegram = Telegram(sandbox_client, user_id, person.phone)
        await telegram.proves(person)
        card, contract_id = await offered(manager_app, person, number)
        [code] = await person.codes()
        for part in dying[:1]:
            await product.do(product.kill, part)
        assert (await person.sign(contract_id, code))["status"] == "signed"
        for part in dying[1:]:
            await product.do(product.kill, part)
        for part in dying:
            await product.do(product.start, part)

        async def outside() -> bool:
            return bool(await letters(sandbox_client, address)) and bool(await telegram.documents())

        await eventually(outside, "the copies are outside", 200)
        [contract] = await person.get("/contracts")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            kept = [(await http.get(contract[name])).content for name in ("contract_url", "certificate_url")]

        [letter] = await letters(sandbox_client, address)
        source = f"{sandbox_client.url}/sandbox/mail/{letter['id']}/attachments"
        async with httpx.AsyncClient(trust_env=False) as http:
            assert [(await http.get(f"{source}/{number}")).content for number in (0, 1)] == kept
        assert [await telegram.bytes_of(one) for one in await telegram.documents()] == kept
        for text in (letter["text"], (await telegram.documents())[-1]["caption"]):
            for pdf in kept:
                assert hashlib.sha256(pdf).hexdigest() in text
            assert contract["contract_number"] in text
            [verify] = [line for line in text.split() if "/verify/" in line]
            answer = good(await person.ask("GET", verify.rstrip(".").replace("/verify/", "/api/v1/contracts/verify/")))
            assert answer["valid"] is True
        assert all(len(pypdf.PdfReader(BytesIO(pdf)).pages) for pdf in kept)
        assert await letters(sandbox_client, "typed.by@manager.example") == []

        async def noted() -> bool:
            history = good(await card.ask("GET", "/history"))
            return [one["verb"] for one in history].count("copy-sent") == 2

        await eventually(noted, "both copies stand in the trail")
        assert await sandbox_client.violations() == []
