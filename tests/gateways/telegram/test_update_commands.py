"""What people say with a slash, in a group and in private, becomes a command."""

import pytest

from gateways.telegram.events import Commanded, Ignored, Started
from gateways.telegram.shapes import Place
from gateways.telegram.updates import Updates
from tests.gateways.telegram.group_updates import ANNA, FILE, GROUP, ROBOT, TOPIC, hear, message, said


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/getid", "getid", ""),
        ("/GetId@Privet_Demo_Bot", "getid", ""),
        ("/t цена  12 500\nи ещё", "t", "цена  12 500\nи ещё"),
        ("/unheard_of x", "unheard_of", "x"),
        ("/команда", "команда", ""),
        ("/", "", ""),
        ("/start abc", "start", "abc"),
    ],
)
async def test_everything_with_a_slash_is_a_command(updates: Updates, text: str, name: str, argument: str) -> None:
    answered = {"message_id": 9, "date": 1, "chat": GROUP, "from": ROBOT, "text": "…"}
    heard = await hear(updates, message(text=text, reply_to_message=answered))
    assert heard == Commanded(TOPIC, 10, 501, "Анна Ким", name, argument, 9)


async def test_command_of_another_bot_reaches_nobody(updates: Updates) -> None:
    assert isinstance(await hear(updates, message(text="/getid@other_bot now")), Ignored)


async def test_note_is_said_and_not_commanded(updates: Updates) -> None:
    assert (await said(updates, message(text="// торгуется"))).text == "// торгуется"


async def test_command_under_a_photo_does_not_leak_as_a_photo(updates: Updates) -> None:
    heard = await hear(updates, message(photo=[{**FILE, "width": 1, "height": 1}], caption="/del"))
    assert isinstance(heard, Commanded)


async def test_start_in_private_carries_its_payload(updates: Updates) -> None:
    person = {**ANNA, "username": "anna"}
    private = {"message_id": 1, "date": 1, "chat": {"id": 501, "type": "private", "first_name": "Анна"}, "from": person}
    assert await hear(updates, {**private, "text": "/start abc-_1"}) == Started(501, "Анна", "anna", "abc-_1")
    assert await hear(updates, {**private, "text": "/start"}) == Started(501, "Анна", "anna", "")
    assert (await said(updates, {**private, "text": "привет"})).place == Place(501)
