"""The four steps in a manager's hands: what he fills in, and what must stand there when he comes back to it."""

import re
from collections.abc import Mapping
from typing import Final

from playwright.async_api import expect

from tests.browser.cases import Case, number_of
from tests.browser.manager import Manager
from tests.browser.window import PATIENCE
from tests.journeys.http_callers import ClientApp
from tests.journeys.photos import photo_with_gps

KEPT: Final = "Введённое сохранено"
RESTORED: Final = "Вы не сохранили этот шаг"
FORWARD: Final = "Сохранить и дальше"

CONTACT: Final = {
    "Имя клиента": "Мария Петровна",
    "Электронная почта": "m.elkina@example.com",
    "Область или край": "Тульская область",
    "Город или населённый пункт": "г. Тула",
    "Индекс": "300041",
    "Улица": "ул. Садовая",
    "Дом": "3",
    "Квартира": "14",
    "Как пройти": "подъезд 2, этаж 5",
}
DEVICE: Final = {
    "Вид устройства": "Ноутбук",
    "Название": "ThinkPad X1",
    "Описание": "Чёрный, с наклейкой",
    "Своя цена, ₽": "1 500,50",
}
SUM: Final = re.compile(r"1\s500,50\s₽")


def passport_of(person: ClientApp) -> dict[str, str]:
    """As it is read after the masks have been at it."""
    return {
        "Фамилия": "Ёлкина",
        "Имя": "Мария",
        "Отчество": "Петровна",
        "Серия и номер": f"4510 {number_of(person)}",
        "Дата выдачи": "20.05.2015",
        "Код подразделения": "770-001",
        "Кем выдан": "ОВД района Арбат города Москвы",
        "Адрес регистрации": "г. Москва, ул. Арбат, д. 1, кв. 2",
    }


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """The same as fingers type it: the masks put the rest between the digits."""
    masked = ("Серия и номер", "Дата выдачи", "Код подразделения")
    return {label: re.sub(r"\D", "", value) if label in masked else value for label, value in values.items()}


class Wizard(Manager):
    """A manager who is interrupted at every step: the page is reloaded under his hands."""

    async def fills_in_and_comes_back(self, values: Mapping[str, str]) -> None:
        """What was typed and never sent is found again."""
        await self.fills_in(typed(values))
        await self.sees(KEPT)
        await self.reloads()
        await self.sees(RESTORED)
        await self.reads_all(values)

    async def does_contact(self) -> None:
        await self.is_on("Контактные данные")
        await self.fills_in_and_comes_back(CONTACT)
        await self.presses(FORWARD)

    async def does_passport(self, person: ClientApp) -> None:
        await self.is_on("Паспорт")
        await self.fills_in_and_comes_back(passport_of(person))
        await self.photographs("Паспорт", [photo_with_gps()])
        await self.presses(FORWARD)

    async def does_device(self) -> None:
        await self.is_on("Новое устройство")
        await self.fills_in_and_comes_back(DEVICE)
        await self.presses("Сохранить устройство")
        await self.photographs("ThinkPad X1", [photo_with_gps(), photo_with_gps()])
        await self.reloads()
        await self.has_photos("ThinkPad X1", 2)
        await self.presses("Далее")

    async def chooses_tariff(self, name: str) -> None:
        await self.is_on("Договор")
        await self.page.get_by_role("radio", name=name, exact=True).check()
        await self.presses("Применить тариф")

    async def makes_contract(self) -> None:
        await self.presses("Сформировать договор")
        await self.sees("Ждём подписи в приложении клиента")

    async def reads_contract(self) -> None:
        """Its first page is drawn: something stands on the paper."""
        page = self.page.get_by_role("img", name=re.compile("^Страница 1 из"))
        await expect(page).to_be_visible(timeout=PATIENCE)
        await self.page.wait_for_function(DRAWN, timeout=PATIENCE)

    # Photos.

    async def photographs(self, name: str, photos: list[bytes]) -> None:
        """Until all of them are on the card; a single one with a telephone's camera."""
        button = "Снять" if self.window.device.touch and len(photos) == 1 else "Выбрать"
        await self.takes_photos(re.compile(f"^{button} фото: {name}$"), photos)
        await self.has_photos(name, len(photos))

    async def has_photos(self, name: str, count: int) -> None:
        """On the card; none is on its way any more, and each can be seen."""
        shown = self.page.get_by_role("list", name=f"Фото: {name}", exact=True).get_by_role("img")
        await expect(shown).to_have_count(count, timeout=PATIENCE)
        await expect(self.page.get_by_role("list", name=f"Загружаются фото: {name}")).to_have_count(0)
        for place in range(count):
            await expect(shown.nth(place)).to_have_js_property("complete", True, timeout=PATIENCE)
            assert await shown.nth(place).evaluate("photo => photo.naturalWidth") > 0

    # The end.

    async def takes_the_money(self) -> None:
        await self.presses("Оплата получена")
        await self.presses(re.compile("^Да, получено"))
        await self.is_on("Клиент оформлен")

    async def finds_in(self, tab: str, case: Case) -> None:
        """In one of the lists, by the name of its tab."""
        await self.follows(re.compile("^Клиенты$"))
        await self.page.get_by_role("navigation", name="Списки клиентов").get_by_role("link", name=tab).click()
        await self.fills("Поиск клиентов", case.person.phone)
        await expect(self.row(case)).to_be_visible(timeout=PATIENCE)


DRAWN: Final = """() => {
  const canvas = document.querySelector('[role=img] canvas');
  if (canvas === null || canvas.width === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, at) => at % 4 === 0 && value < 128 && data[at + 3] === 255);
}"""
