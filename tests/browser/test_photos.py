"""Photos that are refused, and photos whose line is cut: the reason stands there, and what can go on goes on."""

import re
from io import BytesIO
from typing import Final

import pytest
from PIL import Image
from pillow_heif import from_pillow
from playwright.async_api import Route

from tests.browser.cases import Case
from tests.browser.line import CUT, Line
from tests.browser.window import PATIENCE, Window
from tests.browser.wizard import Wizard
from tests.journeys.http_callers import LAPTOP
from tests.journeys.photos import photo_with_gps
from tests.journeys.product import ANNA

TITLE: Final = "ThinkPad X1"
CHOOSE: Final = re.compile(f"^Выбрать фото: {TITLE}$")
OTHER: Final = "Выбрать другую фотографию"
MEBIBYTE: Final = 2**20
NO_PHOTOS: Final[dict[str, tuple[bytes, str]]] = {
    "something else under the name of a photo": (b"%PDF-1.7 " + bytes(2000), "не фото|не похож|не открыва|повреж"),
    "nothing at all": (b"", "Файл пустой"),
    "more than the server takes": (b"\xff\xd8\xff" + bytes(10 * MEBIBYTE), "больше 10 МБ"),
}


@pytest.fixture
async def manager(phone: Window, case: Case) -> Wizard:
    """At a client's device that has no photo yet."""
    await case.identified()
    await case.card_requests.add(LAPTOP)
    await phone.sign_in(ANNA)
    manager = Wizard(phone, await phone.page(case.page(3)))
    await manager.is_on("Устройства")
    return manager


async def test_what_is_no_photo_is_refused_with_the_reason_and_another_takes_its_place(
    manager: Wizard, case: Case
) -> None:
    for name, (content, reason) in NO_PHOTOS.items():
        await manager.takes_photos(CHOOSE, [content])
        await manager.is_told(re.compile(reason, re.IGNORECASE))
        if name == "something else under the name of a photo":
            await manager.can_use_it("photo-refused")
            await manager.takes_photos(OTHER, [photo_with_gps()])
            await manager.has_photos(TITLE, 1)
        else:
            await manager.presses("Убрать фото")
    await manager.reloads()
    await manager.has_photos(TITLE, 1)
    assert await photos_of(case) == 1


async def test_an_iphones_photo_that_this_browser_cannot_open_is_decoded_by_the_server(
    manager: Wizard, case: Case
) -> None:
    made = BytesIO()
    from_pillow(Image.new("RGB", (3000, 2000), "red")).save(made)
    await manager.takes_photos(CHOOSE, [made.getvalue()])
    await manager.has_photos(TITLE, 1)
    assert await photos_of(case) == 1


async def test_a_photo_whose_line_is_cut_goes_on_by_itself_and_is_there_once(manager: Wizard, case: Case) -> None:
    manager.window.forgive(CUT)
    line = await Line.of(manager)
    await line.becomes(slow=True)
    await manager.takes_photos(CHOOSE, [photo_with_gps()])
    await manager.page.wait_for_function("() => document.querySelector('progress')?.value > 5", timeout=PATIENCE)
    await line.becomes(cut=True)
    await manager.sees("Нет связи. Отправим, как только она появится")
    await manager.can_use_it("photo-waits")
    assert await photos_of(case) == 0
    await line.becomes()
    await manager.has_photos(TITLE, 1)
    assert await photos_of(case) == 1


async def test_a_photo_whose_answer_is_lost_is_asked_for_again_and_is_there_once(manager: Wizard, case: Case) -> None:
    manager.window.forgive("ERR_CONNECTION_RESET")
    keys: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()
        if len(keys) == 1:
            await route.abort("connectionreset")
        else:
            await route.fulfill(response=answer)

    await manager.page.route(re.compile(r"/devices/[^/]+/photos$"), lose_the_first_answer)
    await manager.takes_photos(CHOOSE, [photo_with_gps()])
    await manager.has_photos(TITLE, 1)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert await photos_of(case) == 1


async def photos_of(case: Case) -> int:
    """On the card, as the server has it."""
    [device] = (await case.card_requests.card())["devices"]
    return len(device["photos"])
