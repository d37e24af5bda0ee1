"""Answers of a bot outside of dialogs: sign-in links, chat ids, greetings."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Final, assert_never

from activities.channels.bot_request import Do, Request
from activities.channels.phone_requests import PhoneRequests
from activities.people.phone_links import PhoneLinks
from domain.conversations.limits import UNSENT, Unsent
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.outcome import Rejected, Unauthorised
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import GroupMoved, Place
from models import Bot, BotRequest, LoginLink
from models.channels.bot import REQUEST
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions
from models.people.manager import Role
from models.people.sign_in_link import LINK_TTL

BATCH: Final = 50
MOST_LINKS: Final = 5
"""Links to one person within the life of one link."""

ENTRANCE: Final = "/enter#"
LINK: Final = "login_links.token"

TOO_MANY_LINKS: Final = "Ссылок для входа уже достаточно: откройте последнюю или подождите 15 минут и нажмите /start."
HELLO: Final = (
    "Здравствуйте! Переписка с покупателями идёт в темах группы. Сюда я напишу, если покупателю долго не отвечают."
)


class BotRequestAnswers:
    """`web_url`: public address; the page at `ENTRANCE` exchanges the token for a session."""

    def __init__(self, sessions: Sessions, keyring: Keyring, web_url: str, now: Clock) -> None:
        self.sessions, self.keyring, self.web_url, self.now = sessions, keyring, web_url.rstrip("/"), now
        self.phones = PhoneRequests(PhoneLinks(sessions, keyring, now))

    async def answer_open(self, bot: Bot, telegram: TelegramBot) -> int:
        """Answers open requests in order. NotDone and Unknown end the run; an answer may be sent twice after
        Unknown."""
        async with self.sessions() as session:
            requests = await BotRequest.open(session, bot.id, BATCH)
        told: set[tuple[int, int | None, Unsent | None]] = set()
        for row in requests:
            request = Request.read(unseal(self.keyring, REQUEST, row.payload_sealed))
            try:
                # Several messages in a row, or the pictures of an album, have one answer.
                where = (request.chat_id, request.thread_id, request.reason)
                if request.reason is None or where not in told:
                    await self._answer(row, request, telegram)
                told.add(where)
            except Unauthorised:
                raise
            except Rejected:
                # The person has blocked the bot or is gone.
                pass
            kept = seal(self.keyring, REQUEST, request.without_contact().stored()) if request.contact_phone else None
            async with self.sessions.begin() as session:
                await BotRequest.close(session, bot.id, row.update_id, self.now(), kept)
        return len(requests)

    async def _answer(self, row: BotRequest, request: Request, telegram: TelegramBot) -> None:
        if request.do in (Do.PHONE, Do.CONTACT):
            await self.phones.answer(request, row.bot_id, row.update_id, telegram)
            return
        place = Place(request.chat_id, request.thread_id)
        text = await self._text(row, request)
        try:
            await telegram.send_text(place, text, reply_to=request.reply_to)
        except GroupMoved as moved:
            await telegram.send_text(Place(moved.chat_id, request.thread_id), text)

    async def _text(self, row: BotRequest, request: Request) -> str:
        match request.do:
            case Do.LINK:
                return await self._way_in(row, request.chat_id)
            case Do.HELLO:
                return HELLO
            case Do.ID:
                return _ids(request)
            case Do.JOINED:
                return _joined(request)
            case Do.UNSENT:
                return UNSENT[request.reason or Unsent.NO_DIALOG]
            case Do.PHONE | Do.CONTACT:
                raise ValueError("answered by PhoneRequests")
        assert_never(request.do)

    async def _way_in(self, row: BotRequest, user_id: int) -> str:
        """The same token at each try: two copies of the message carry one link."""
        token, now = self._token(row), self.now()
        async with self.sessions.begin() as session:
            if await LoginLink.count_others(session, user_id, _digest(token), now - LINK_TTL) >= MOST_LINKS:
                return TOO_MANY_LINKS
            await LoginLink.issue(session, _digest(token), user_id, Role.OWNER, now)
        minutes = LINK_TTL // timedelta(minutes=1)
        return (
            f"Вход в Привет: {self.web_url}{ENTRANCE}{token}\n\n"
            f"Ссылка действует {minutes} минут и открывается один раз. Никому её не пересылайте."
        )

    def _token(self, row: BotRequest) -> str:
        key = self.keyring.subkey(LINK)
        return (
            urlsafe_b64encode(hmac.digest(key, f"{row.bot_id}:{row.update_id}".encode(), "sha256")).decode().rstrip("=")
        )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _ids(request: Request) -> str:
    topic = f"\nНомер темы: {request.thread_id}" if request.thread_id is not None else ""
    return f"Номер группы: {request.chat_id}{topic}"


def _joined(request: Request) -> str:
    lines = [f"Номер этой группы: {request.chat_id}. Впишите его в настройках бота, и переписка пойдёт сюда."]
    if not request.is_forum:
        lines.append("Включите в группе темы.")
    if not request.can_manage_topics:
        lines.append("Сделайте бота администратором с правом управлять темами.")
    return "\n".join(lines)
