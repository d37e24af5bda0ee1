"""A dialog as a file: whole, readable by a spreadsheet, harmless to it."""

import csv
import io
import json

from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal
from tests.api.conversation_factories import make_attachment, make_dialog, make_message
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff


async def test_a_dialog_is_exported_as_json_as_it_is_shown(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    for number in range(3):
        await make_message(owner, dialog, f"сообщение «{number}»\n;")
    await make_message(owner, dialog, "внутри", kind="note")
    answer = await owner.http.get(f"/api/dialogs/{dialog.id}/export")
    assert answer.headers["content-disposition"] == f'attachment; filename="dialog-{dialog.number}.json"'
    whole, shown = json.loads(answer.content), good(await owner.http.get(f"/api/dialogs/{dialog.id}"))
    assert (whole["dialog"], whole["messages"]) == (shown["dialog"], shown["messages"])


async def test_an_empty_dialog_is_a_good_file_too(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    path = f"/api/dialogs/{dialog.id}/export"
    assert good(await owner.http.get(path))["messages"] == []
    assert len((await owner.http.get(path, params={"format": "csv"})).text.splitlines()) == 1


async def test_a_long_dialog_is_exported_whole(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    for number in range(501):
        await make_message(owner, dialog, str(number))
    whole = good(await owner.http.get(f"/api/dialogs/{dialog.id}/export"))
    assert [one["body"] for one in whole["messages"]] == [str(number) for number in range(501)]


async def test_a_spreadsheet_reads_the_dialog_and_runs_nothing_of_it(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    dangerous = [
        "=1+1",
        "+7 900",
        "-5",
        "@сумма",
        "\tтекст",
        " =1",
        "\n=1",
        "\u00a0=1",
        "＝1",
        'обычный; текст\nв «кавычках» "два"',
    ]
    for text in dangerous:
        await make_message(owner, dialog, text)
    photo = await make_message(
        *(owner, dialog, ""),
        kind="image",
        direction=Direction.TELEGRAM,
        author=Author.STAFF,
        status=Delivery.FAILED,
        failure="не дошло",
    )
    await make_attachment(owner, photo, file_name="=фото.jpg")
    answer = await owner.http.get(f"/api/dialogs/{dialog.id}/export", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    title, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert title == ["Время", "Кто", "Сообщение", "Статус", "Вложения"]
    assert [row[2] for row in rows[:-1]] == [f"'{text}" for text in dangerous[:-1]] + [dangerous[-1]]
    assert rows[-1][1:] == ["Сотрудник", "", "не доставлено — не дошло", "'=фото.jpg"]


WORDS: list[tuple[str, dict[str, object], str]] = [
    (
        "item",
        {"text": "", "item_title": "Диван", "item_price": "5 000 ₽", "item_url": "https://avito.ru/1"},
        "Объявление: Диван\n5 000 ₽\nhttps://avito.ru/1",
    ),
    (
        "location",
        {"text": "Тула, Ленина 1", "latitude": 54.2, "longitude": 37.6},
        "📍 Тула, Ленина 1\n54.200000, 37.600000",
    ),
    ("link", {"text": "вот", "link_url": "https://a.ru", "link_title": "Дом"}, "вот\n«Дом»\nhttps://a.ru"),
    ("call", {"text": ""}, "☎ Пропущенный звонок от покупателя."),
    ("deleted", {"text": ""}, "Покупатель удалил сообщение."),
    ("image", {"text": ""}, "Покупатель прислал изображение: Avito его не отдаёт. Откройте чат на Avito."),
    ("image", {"text": "", "image_url": "https://a.ru/1"}, ""),
    (
        "unknown",
        {"text": "=1+1", "type_name": "hologram"},
        "=1+1\n(сообщение неизвестного вида «hologram»; всё ли в нём текст, видно в чате на Avito)",
    ),
]


async def test_each_kind_is_told_in_the_same_words_everywhere(owner: Staff) -> None:
    """As `domain.conversations.wording` has them for the topic; a cell stays harmless."""
    dialog = await make_dialog(owner)
    for kind, body, _ in WORDS:
        sealed = seal(owner.api.context.keyring, BODY, body)
        await make_message(owner, dialog, "", kind=kind, body_sealed=sealed)
    contact = {"text": "", "name": "Пётр", "phone": "+79000000001"}
    sealed = seal(owner.api.context.keyring, BODY, contact)
    ours = {"direction": Direction.TELEGRAM, "author": Author.STAFF, "kind": "contact", "body_sealed": sealed}
    await make_message(owner, dialog, "", **ours)
    told = [words for _, _, words in WORDS] + ["Пётр\n+79000000001"]
    shown = good(await owner.http.get(f"/api/dialogs/{dialog.id}"))["messages"]
    assert [one["body"] for one in shown] == told
    assert [one["kind"] for one in shown if one["described"]] == ["call", "deleted", "image"]
    assert [one["place"] for one in shown if one["place"]] == [{"latitude": 54.2, "longitude": 37.6}]
    path = f"/api/dialogs/{dialog.id}/export"
    assert [one["body"] for one in good(await owner.http.get(path))["messages"]] == told
    answer = await owner.http.get(path, params={"format": "csv"})
    _, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert [row[2] for row in rows] == [f"'{words}" if words.startswith("=") else words for words in told]


async def test_a_file_is_json_or_csv(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    refused = await owner.http.get(f"/api/dialogs/{dialog.id}/export", params={"format": "exe"})
    assert refused.status_code == 422
