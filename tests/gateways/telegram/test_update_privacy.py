"""Updates that are foreign or meant for another bot are ignored, and no text of a person leaks on the way."""

import warnings

import pytest

from gateways.telegram.events import Commanded, Ignored
from gateways.telegram.updates import Updates
from tests.gateways.telegram.group_updates import BOT_ID, USERNAME, Raw, hear, message


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 1},
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1, "invented_kind": {"text": "личное"}},
        {"update_id": 1, "message": "личное"},
        {"update_id": 1, "message": {"text": "личное"}},
        {"update_id": 1, "edited_message": {"text": "личное"}},
        {"update_id": "x", "message": {"chat": [], "message_id": {}, "from": 5}},
    ],
)
async def test_foreign_updates_are_ignored_in_silence(updates: Updates, raw: Raw) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heard = await updates.read_update(raw, BOT_ID, USERNAME)
    assert isinstance(heard, Ignored)
    assert "личное" not in heard.reason


async def test_two_bots_share_one_translator(updates: Updates) -> None:
    raw = {"update_id": 1, "message": message(text="/getid@second_bot")}
    assert isinstance(await updates.read_update(raw, BOT_ID, USERNAME), Ignored)
    assert isinstance(await updates.read_update(raw, 2, "second_bot"), Commanded)


async def test_what_was_said_is_in_no_repr(updates: Updates) -> None:
    assert "личное" not in repr(await hear(updates, message(text="личное")))
    assert "личное" not in repr(await hear(updates, message(text="/t личное")))
