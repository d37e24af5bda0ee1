"""How the master bot asks a client for his own contact, and what it answers to it."""

from typing import Final
from uuid import UUID, uuid5

from activities.channels.bot_request import Do, Request
from activities.people.phone_links import PhoneLinks
from domain.kernel.refusal import Refusal
from domain.people.contact import NOT_YOURS
from gateways.telegram.client import TelegramBot

SHARE: Final = "📱 Поделиться номером"


class PhoneRequests:
    """An answer may be sent twice after Unknown; its effect happens once."""

    def __init__(self, links: PhoneLinks) -> None:
        self.links = links

    async def answer(self, request: Request, bot_id: UUID, update_id: int, telegram: TelegramBot) -> None:
        """Of `Do.PHONE` and `Do.CONTACT`. Raises as the calls of the bot."""
        try:
            if request.do is Do.PHONE:
                masked = await self.links.open(bytes.fromhex(request.token or ""), request.chat_id)
                await telegram.ask_contact(request.chat_id, ask(masked), SHARE)
                return
            masked = await self.links.accept(request.contact, uuid5(bot_id, f"contact:{update_id}"))
        except Refusal as refusal:
            await self._refuse(request.chat_id, refusal.detail, telegram)
            return
        await telegram.send_and_close_keyboard(request.chat_id, confirmed(masked))

    async def _refuse(self, user_id: int, text: str, telegram: TelegramBot) -> None:
        """With the button where another contact would do."""
        if text == NOT_YOURS:
            await telegram.ask_contact(user_id, text, SHARE)
        else:
            await telegram.send_and_close_keyboard(user_id, text)


def ask(masked: str) -> str:
    return (
        f"Подтверждение номера {masked} для вашей учётной записи в «Привет».\n\n"
        "Нажмите кнопку под этим сообщением: Telegram передаст боту ваш номер, и он будет подтверждён.\n\n"
        "Делайте это, только если вы сами только что нажали «Подтвердить через Telegram» в приложении. Если ссылку вам "
        "прислал кто-то другой, даже наш сотрудник, ничего не нажимайте: он сможет подписывать документы за вас."
    )


def confirmed(masked: str) -> str:
    return (
        f"Номер {masked} подтверждён, и этот чат связан с вашей учётной записью. Вернитесь в приложение.\n\n"
        "Сюда придут копии подписанных вами документов. Отвязать Telegram можно в приложении, в разделе «Телефон»."
    )
