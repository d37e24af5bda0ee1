"""Topics that lag: the group refuses the bot, or Telegram is away. Staff see it, answer in the app, lose nothing."""

from typing import Any

from domain.conversations.group import ADVICE, GroupFault
from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, by_buyer, texts
from tests.journeys.http_callers import good
from tests.journeys.product import eventually


async def is_stuck(organisation: ConnectedOrganisation, chat: BuyerChat) -> None:
    async def stuck() -> bool:
        found = await organisation.dialogs(stuck="true")
        return [one["avito_dialog_id"] for one in found if one["stuck_since"]] == [chat.chat_id]

    await eventually(stuck, "the dialog is stuck")
    assert (await organisation.manager_app.get("/dialogs/counts"))["stuck"] == 1


async def bot_is(organisation: ConnectedOrganisation, status: str, reason: str | None, failing: bool) -> None:
    async def so() -> bool:
        [bot] = await organisation.manager_app.get("/bots/")
        told = (bot["status"], bot["status_reason"], bot["failing_since"] is not None)
        return bool(told == (status, reason, failing))

    await eventually(so, f"the bot is {status}, {reason}")


async def app_answers(organisation: ConnectedOrganisation, chat: BuyerChat, text: str) -> None:
    path = f"/api/dialogs/{(await chat.dialog())['id']}/messages"
    good(await organisation.manager_app.ask("POST", path, {"text": text}), 201)
    await chat.gets(text)


async def bodies(chat: BuyerChat) -> list[Any]:
    return [one["body"] for one in (await chat.detail())["messages"]]


async def test_a_bot_that_is_thrown_out_says_so_and_goes_on_when_it_is_back(
    organisation: ConnectedOrganisation,
) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Первое")
    await chat.shows("Первое")
    member = {"bot_token": organisation.token}
    await organisation.sandbox_client.do(f"/groups/{organisation.group_id}/kick", **member)
    await bot_is(organisation, "error", ADVICE[GroupFault.OUT], failing=True)
    await chat.says("Второе")
    await chat.says("Третье")
    await is_stuck(organisation, chat)
    assert await bodies(chat) == ["Первое", "Второе", "Третье"]
    await app_answers(organisation, chat, "Отвечаю с сайта")
    await organisation.sandbox_client.do(f"/groups/{organisation.group_id}/invite", **member)
    await bot_is(organisation, "active", None, failing=False)
    await chat.shows("Третье")
    await organisation.settled()
    said = texts(await chat.posts())
    assert [one for one in said if "сайта" not in one] == by_buyer("Первое", "Второе", "Третье")
    assert len(said) == 4
    assert await organisation.dialogs(stuck="true") == []


async def test_topics_that_are_switched_off_are_told_and_come_back(organisation: ConnectedOrganisation) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Первое")
    await chat.shows("Первое")
    topic = (await chat.topic())["thread_id"]
    await organisation.sandbox_client.do(f"/groups/{organisation.group_id}/forum", is_forum=False)
    await chat.says("Второе")
    await bot_is(organisation, "error", ADVICE[GroupFault.NO_TOPICS], failing=True)
    await is_stuck(organisation, chat)
    await organisation.sandbox_client.do(f"/groups/{organisation.group_id}/forum", is_forum=True)
    await chat.shows("Второе")
    await bot_is(organisation, "active", None, failing=False)
    await organisation.settled()
    assert texts(await chat.posts()) == by_buyer("Первое", "Второе")
    assert (await chat.topic())["thread_id"] == topic


async def test_without_telegram_the_app_goes_on(organisation: ConnectedOrganisation) -> None:
    await organisation.connect()
    chat = await organisation.chat("Ольга")
    await chat.says("Первое")
    await chat.shows("Первое")
    for path in ("getMe", str(organisation.group_id)):
        await organisation.sandbox_client.break_("telegram", "server-error", path=path)
    try:
        await chat.says("Второе")
        await bot_is(organisation, "active", None, failing=True)
        await is_stuck(organisation, chat)
        await app_answers(organisation, chat, "Отвечаю с сайта")
        await chat.says("Третье")

        async def told() -> bool:
            return await bodies(chat) == ["Первое", "Второе", "Отвечаю с сайта", "Третье"]

        await eventually(told, "the app shows the whole dialog")
    finally:
        await organisation.sandbox_client.mend()
    await chat.shows("Третье")
    await bot_is(organisation, "active", None, failing=False)
    await organisation.settled()
    # The first of them was on its way when Telegram fell silent.
    said = [one.splitlines()[-1] for one in texts(await chat.posts()) if "сайта" not in one]
    assert said == by_buyer("Первое", "Второе", "Третье")
    assert [one["text"] for one in await chat.received()] == ["Отвечаю с сайта"]
