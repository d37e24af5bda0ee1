"""Everything that the staff may write in a topic, and what the buyer gets of it and the topic says to it."""

from collections.abc import Sequence
from typing import Final

from tests.journeys.conversation_setup import BuyerChat
from tests.journeys.message_kinds import LONG, Got, StaffAct, Told, b64, picture, sha

CANNED: Final = {"адрес": "Здравствуйте, {buyer}! «{item}» за {price}: с 10 до 20, {account}."}


def accepted(message_id: int) -> list[Told]:
    return [Told(message_id, "", "👌")]


async def answer(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    number = await chat.writes(f"{mark} Да, приезжайте: 10 < 20 & «так»")
    return [Got("text", f"{mark} Да, приезжайте: 10 < 20 & «так»")], accepted(number)


async def long_answer(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    number = await chat.writes(f"{mark} {LONG}")
    return [Got("text", f"{mark} {LONG}")], [Told(number, "частями", "👌")]


async def address(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    """Avito makes a link of it, which is the same text to us."""
    number = await chat.writes(f"{mark} вот https://example.com/{mark}")
    return [Got("link", f"{mark} вот https://example.com/{mark}")], accepted(number)


async def photo(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    data = picture(mark)
    number = await chat.writes(photo=b64(data))
    return [Got("image", sha256=sha(data))], accepted(number)


async def captioned(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    data = picture(mark)
    number = await chat.writes(photo=b64(data), caption=f"{mark} подпись")
    return [Got("text", f"{mark} подпись"), Got("image", sha256=sha(data))], accepted(number)


async def album(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    photos = [picture(f"{mark}{number}") for number in range(3)]
    made = await chat.in_topic("/albums", photos=[b64(one) for one in photos], caption=f"{mark} три вида")
    got = [Got("text", f"{mark} три вида"), *(Got("image", sha256=sha(one)) for one in photos)]
    return got, accepted(made["message_ids"][0])


async def document(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    data = picture(mark)
    number = await chat.writes(
        kind="image_document", file=b64(data), file_name="вид.bin", mime="application/octet-stream"
    )
    return [Got("image", sha256=sha(data))], accepted(number)


async def sticker(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    return [Got("image")], accepted(await chat.writes(kind="static_sticker"))


async def contact(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    return [Got("text", "Анна\n+79990000000")], accepted(await chat.writes(kind="contact"))


async def place(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    return [Got("text", "55.751244, 37.618423")], accepted(await chat.writes(kind="location"))


def impossible(kind: str, reason: str) -> StaffAct:
    async def act(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
        return [], [Told(await chat.writes(kind=kind), reason, "💔")]

    return act


async def edited(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    number = await chat.writes(f"{mark} 11 000 ₽")
    await chat.gets(f"{mark} 11 000 ₽")
    await chat.in_topic("/edit", message_id=number, text=f"{mark} 12 000 ₽")
    return [Got("text", f"{mark} 11 000 ₽")], [Told(number, "Правка не ушла покупателю", "👌")]


async def getid(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    number = await chat.writes("/getid")
    return [], [Told(number, f"Группа: {chat.organisation.group_id}\nТема: {chat.thread_id}", "")]


async def canned(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    number = await chat.writes("/t адрес")
    account = chat.organisation.name
    said = f"Здравствуйте, {chat.buyer}! «Велосипед Stels Navigator 500» за 12 500 ₽: с 10 до 20, {account}."
    return [Got("text", said)], [Told(number, said, "👌")]


async def unknown_command(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    return [], [Told(await chat.writes("/позвони"), "Не знаю такой команды", "")]


async def note(chat: BuyerChat, mark: str) -> tuple[list[Got], list[Told]]:
    return [], [Told(await chat.writes(f"// {mark} торгуется, не уступать"), "", "")]


STAFF: Final[Sequence[StaffAct]] = (
    *(answer, long_answer, address, photo, captioned, album, document, sticker, contact, place, edited, getid),
    *(canned, unknown_command, note),
    impossible("voice", "Голосовое сообщение не ушло"),
    impossible("video", "Видео не ушло"),
    impossible("video_note", "Видеосообщение не ушло"),
    impossible("animation", "Анимация не ушла"),
    impossible("sticker", "Анимированный стикер не ушёл"),
    impossible("document", "Файл не ушёл"),
    impossible("poll", "Опрос не ушёл"),
    impossible("dice", "Кубик не ушёл"),
    impossible("audio", "Аудиофайл не ушёл"),
)
