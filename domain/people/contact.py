"""A contact that somebody has sent to the bot: whether Telegram vouches that the number is his own."""

import re
from dataclasses import dataclass, field
from typing import Final

from domain.kernel.phone import Phone
from domain.people.refusals import ContactRefused

NOT_YOURS: Final = (
    "Это контакт другого человека или карточка, за которую Telegram не ручается. Нажмите кнопку «Поделиться номером» "
    "под этим сообщением: подойдёт только ваш собственный номер."
)
NOT_MOBILE: Final = (
    "Подтвердить можно только российский мобильный номер, вида +7 9xx xxx-xx-xx. Если в Telegram у вас другой номер, "
    "подтвердите телефон кодом из СМС в приложении."
)
NOT_IN_PRIVATE: Final = "Номер подтверждается только в личном чате с ботом."

_MOBILE: Final = re.compile(r"\+?7(9[0-9]{9})")


@dataclass(frozen=True)
class SharedContact:
    """`from_id`: who has sent it; `of_id`: whose contact it is, by Telegram, None if it does not say."""

    chat_id: int
    from_id: int | None
    of_id: int | None
    phone: str = field(repr=False)
    forwarded: bool = False


def own_number(contact: SharedContact) -> Phone:
    """The ten digits of the sender's own mobile number. Raises `ContactRefused` with what to do instead.

    Telegram fills in `user_id` of a contact by the number that the person's account was made with; a card that
    somebody has typed has none. A missing id is a refusal, never a match.
    """
    if contact.from_id is None or contact.chat_id != contact.from_id:
        raise ContactRefused(NOT_IN_PRIVATE)
    if contact.forwarded or contact.of_id is None or contact.of_id != contact.from_id:
        raise ContactRefused(NOT_YOURS)
    found = _MOBILE.fullmatch(contact.phone)
    if found is None:
        raise ContactRefused(NOT_MOBILE)
    return Phone(found[1])
