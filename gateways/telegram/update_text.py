"""The text of a message for the buyer: without formatting, with URLs of hidden links."""

from aiogram.types import Message


def full_text(message: Message) -> str:
    """Text or caption; «склад» with a hidden link becomes «склад (https://…)»."""
    text = message.text or message.caption or ""
    links = [one for one in message.entities or message.caption_entities or () if one.type == "text_link" and one.url]
    # Telegram counts in UTF-16 units; from the last link, so that earlier offsets stay valid.
    units = text.encode("utf-16-le")
    for link in sorted(links, key=lambda link: link.offset, reverse=True):
        start, end = 2 * link.offset, 2 * (link.offset + link.length)
        if str(link.url) != units[start:end].decode("utf-16-le", errors="replace").strip():
            units = units[:end] + f" ({link.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", errors="replace")
