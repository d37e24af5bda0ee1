"""What Avito tells of a chat beside its messages: buyer and item."""

from typing import Final

from domain.kernel import sizes
from domain.kernel.text import one_line, shorten
from gateways.avito.shapes import Chat
from models import Dialog
from models.conversations.dialog import BUYER_NAME, ITEM_CITY, ITEM_PRICE, ITEM_TITLE, ITEM_URL

NO_TITLE: Final = "Чат Avito"


def is_described(dialog: Dialog) -> bool:
    """Whether the chat's item or buyer is known."""
    return dialog.item_title is not None or dialog.buyer_name is not None


def note_details(dialog: Dialog, chat: Chat, user_id: int) -> None:
    """Changes the row in hand."""
    buyer, item = chat.buyer(user_id), chat.item
    if buyer is not None:
        dialog.buyer_id, dialog.buyer_name = _whole(buyer.id), shorten(one_line(buyer.name), BUYER_NAME)
    if item is not None:
        dialog.item_id = _whole(item.id)
        dialog.item_title = shorten(one_line(item.title), ITEM_TITLE)
        dialog.item_price = shorten(one_line(item.price), ITEM_PRICE) or None
        dialog.item_url = url if len(url := one_line(item.url)) <= ITEM_URL else None
        dialog.item_city = shorten(one_line(item.city), ITEM_CITY) or None
    dialog.title = dialog.item_title or dialog.buyer_name or NO_TITLE
    if dialog.number is not None:
        dialog.index()


def _whole(number: int) -> int | None:
    """None for an id that no column holds: Avito may hash ids."""
    return number if -sizes.BIGINT <= number <= sizes.BIGINT else None
