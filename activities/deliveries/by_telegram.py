"""The channel of Telegram: the master bot writes to the person in private."""

from typing import Final

from activities.deliveries.carrier import Outgoing, Receipt
from gateways.outcome import NotDone, Rejected, Unknown
from gateways.telegram.client import Document, TelegramApi, TelegramBot
from gateways.telegram.shapes import Place

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
"""UTF-16 units, as Telegram counts."""

MOST_FILES: Final = 10
NOT_A_PERSON: Final = 400


class TelegramCarrier:
    """Its id of a message is Telegram's in the chat of the person.

    A text with files is one call, an album with the text below it, as long as the text fits there.
    """

    gives_receipts = False

    def __init__(self, telegram: TelegramApi, token: str) -> None:
        self._telegram, self._token = telegram, token

    async def send(self, message: Outgoing) -> str:
        place, bot = Place(_person(message.address)), self._telegram.bot(self._token)
        documents = [Document(one.content, one.name) for one in message.files]
        if not documents:
            return str(await bot.send_text(place, cut(message.text, LONGEST_TEXT)))
        caption = message.text if units(message.text) <= LONGEST_CAPTION else ""
        sent = await bot.send_documents(place, documents[:MOST_FILES], caption=caption)
        if not caption:
            await self._rest(bot, place, message.text)
        return str(sent)

    async def _rest(self, bot: TelegramBot, place: Place, text: str) -> None:
        """The text after its files; from here on nothing can be undone or sent again."""
        try:
            await bot.send_text(place, cut(text, LONGEST_TEXT))
        except (NotDone, Rejected) as error:
            raise Unknown(f"files without their text: {type(error).__name__}") from None

    async def receipt(self, provider_id: str) -> Receipt | None:  # noqa: ARG002  # the Bot API has none
        return None


def units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="replace")) // 2


def cut(text: str, longest: int) -> str:
    """The beginning that fits; a pair of surrogates stays whole."""
    if units(text) <= longest:
        return text
    return text.encode("utf-16-le", errors="replace")[: 2 * (longest - 1)].decode("utf-16-le", errors="ignore") + "…"


def _person(address: str) -> int:
    """Groups have negative ids: nothing of a person goes there."""
    if not (address.isascii() and address.isdecimal() and 0 < int(address) < 2**52):
        raise Rejected(NOT_A_PERSON, "not a person's id")
    return int(address)
