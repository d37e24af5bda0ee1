"""A buyer writes on Avito, is answered from the screen, and an answer that got lost is sent again by a person."""

from typing import Final

from playwright.async_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PATIENCE, PHONE, Window
from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation
from tests.journeys.product import Product
from tests.journeys.sandbox_client import SandboxClient

REPLY: Final = "Ответ покупателю"
HALF_WRITTEN: Final = "Приезжайте после"
NOT_SENT: Final = "Не отправлено"
IN_DOUBT: Final = 90_000
"""Milliseconds until Avito was asked long enough whether an answer has arrived after all."""

SECTIONS: Final = {
    "Автоответ": "Сейчас ответили бы: нет",
    "Готовые ответы": "Готовые ответы",
    "Сообщения": "Сообщения",
    "Боты": "Боты Telegram",
    "Аккаунты Avito": "приходят сразу (webhook подключён)",
}


async def test_a_buyer_is_answered_live_and_a_lost_answer_is_sent_again(
    opened: Open, product: Product, sandbox_client: SandboxClient
) -> None:
    await sandbox_client.begin()
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        await organisation.connect()
        owner = await Owner.of(organisation, await opened(PHONE))
        colleague = await Owner.of(organisation, await opened(LAPTOP))
        await owner.sees("Диалогов пока нет")
        await owner.can_use_it("conversations-none")

        lost = await organisation.chat("Пётр Терпеливый")
        await lost.says("Какой адрес?")
        await colleague.row_of(lost).click()
        await lose_the_answer(lost)
        await colleague.answers("Тула, Садовая, 3")

        talk = await organisation.chat("Ольга Торопливая")
        await talk.says("Здравствуйте! Торг уместен?")
        for screen in (owner, colleague):
            await expect(screen.row_of(talk)).to_contain_text("ждёт меньше минуты", timeout=PATIENCE)
        await owner.can_use_it("conversations")
        for screen in (owner, colleague):
            await screen.row_of(talk).click()
            await screen.hears("Торг уместен?")
        await talk.says("И ещё: доставите?")
        for screen in (owner, colleague):
            await screen.hears("И ещё: доставите?")
        await owner.answers("Да, торг уместен")
        await talk.gets("Да, торг уместен")
        await colleague.hears("Да, торг уместен")
        await talk.reads()
        await talk.says("Еду!")
        for screen in (owner, colleague):
            await screen.hears("Еду!")
            await expect(screen.thread.get_by_role("article").filter(has_text="Да, торг уместен")).to_contain_text(
                "Прочитано", timeout=PATIENCE
            )
            await screen.can_use_it("thread")
            await screen.fills(REPLY, HALF_WRITTEN)
            await screen.looks_through_the_settings(organisation)

        await owner.follows("Переписка")
        await owner.row_of(talk).click()
        await owner.reads(REPLY, HALF_WRITTEN)
        await owner.follows("К списку диалогов")
        await expect(owner.failures).to_have_text("1", timeout=IN_DOUBT)
        await owner.row_of(lost).click()
        await owner.sees("неизвестно, дошло ли")
        await owner.can_use_it("answer-failed")
        await owner.presses("Отправить ещё раз")
        await lost.gets("Тула, Садовая, 3")
        await owner.does_not_see("Не все сообщения дошли до покупателя.")
        await organisation.settled()
        assert [one["text"] for one in await lost.received()] == ["Тула, Садовая, 3"]
        assert [one["text"] for one in await talk.received()] == ["Да, торг уместен"]


async def lose_the_answer(talk: BuyerChat) -> None:
    """Twice nobody knows whether the next one has arrived: after half a minute of looking a person decides."""
    place = f"POST /messenger/v1/accounts/{talk.organisation.user_id}/chats/{talk.chat_id}/messages"
    await talk.sandbox_client.break_("avito", "server-error", times=2, path=place)


class Owner(Manager):
    """Of a shop, at the screen: he came by the link of the master bot."""

    @classmethod
    async def of(cls, organisation: ConnectedOrganisation, window: Window) -> "Owner":
        owner = cls(window, await window.page(f"/enter#{await organisation.link()}"))
        await owner.fills("Электронная почта", organisation.email)
        await owner.presses("Войти")
        await owner.is_at("/conversations")
        await owner.settles()
        return owner

    def row_of(self, talk: BuyerChat) -> Locator:
        return self.page.get_by_role("region", name="Список диалогов").get_by_role("link", name=talk.buyer)

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("log", name="Сообщения")

    async def hears(self, words: str) -> None:
        await expect(self.thread.get_by_role("article").filter(has_text=words)).to_be_visible(timeout=PATIENCE)

    async def answers(self, words: str) -> None:
        await self.fills(REPLY, words)
        await self.presses("Отправить")
        await self.hears(words)
        await self.reads(REPLY, "")

    @property
    def failures(self) -> Locator:
        """How many dialogs have something that was not sent, beside the name of that filter."""
        return self.page.get_by_role("link", name=NOT_SENT).locator("span")

    async def looks_through_the_settings(self, organisation: ConnectedOrganisation) -> None:
        await self.follows("Настройки")
        for section, words in SECTIONS.items():
            await self.page.get_by_role("navigation", name="Части настроек").get_by_role("link", name=section).click()
            await self.sees(words)
            await self.settles()
            await self.can_use_it(f"settings-{list(SECTIONS).index(section)}")
        accounts = self.page.get_by_role("list", name="Аккаунты Avito")
        await expect(accounts.get_by_role("heading", name=organisation.name)).to_be_visible(timeout=PATIENCE)
