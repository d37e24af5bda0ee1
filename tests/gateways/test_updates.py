"""What people do in a group and in private, as Telegram tells it, becomes what it means to us."""

import warnings

import pytest
from aiogram.enums import ContentType

from gateways.heard import (
    Card,
    Commanded,
    Edited,
    FileRef,
    Heard,
    Ignored,
    Joined,
    Moved,
    Said,
    Spot,
    Started,
    TopicEvent,
)
from gateways.telegram_shapes import Place
from gateways.update_parts import SPOKEN
from gateways.updates import Updates

BOT_ID, USERNAME = 1000000001, "privet_demo_bot"
GROUP = {"id": -1001000000001, "type": "supergroup", "title": "Магазин", "is_forum": True}
ANNA = {"id": 501, "is_bot": False, "first_name": "Анна", "last_name": "Ким"}
ROBOT = {"id": BOT_ID, "is_bot": True, "first_name": "Privet"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
TOPIC = Place(-1001000000001, 7)
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 10}
STICKER = {**FILE, "type": "regular", "width": 512, "height": 512, "emoji": "👍"}

SERVICE = """
boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared
checklist_tasks_added checklist_tasks_done community_chat_added community_chat_joined community_chat_removed
connected_website delete_chat_photo direct_message_price_changed forum_topic_closed forum_topic_created
forum_topic_edited forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden
gift_upgrade_sent giveaway_completed giveaway_created giveaway_winners group_chat_created left_chat_member
managed_bot_created message_auto_delete_timer_changed migrate_from_chat_id migrate_to_chat_id new_chat_members
new_chat_photo new_chat_title paid_message_price_changed pinned_message poll_option_added poll_option_deleted
proximity_alert_triggered refunded_payment successful_payment suggested_post_approval_failed
suggested_post_approved suggested_post_declined suggested_post_paid suggested_post_refunded
supergroup_chat_created user_shared users_shared video_chat_ended video_chat_participants_invited
video_chat_scheduled video_chat_started web_app_data write_access_allowed
"""

Raw = dict[str, object]


def message(**parts: object) -> Raw:
    """In topic 7, whose every message Telegram shows as an answer to its first one."""
    first = {
        "message_id": 7,
        "date": 1,
        "chat": GROUP,
        "from": ROBOT,
        "forum_topic_created": {"name": "n", "icon_color": 1},
    }
    return {
        "message_id": 10,
        "date": 1700000000,
        "chat": GROUP,
        "from": ANNA,
        "message_thread_id": 7,
        "is_topic_message": True,
        "reply_to_message": first,
        **parts,
    }


@pytest.fixture(scope="module")
def updates() -> Updates:
    return Updates()


async def hear(updates: Updates, message: Raw, kind: str = "message") -> Heard:
    return await updates.hear({"update_id": 1, kind: message}, BOT_ID, USERNAME)


async def said(updates: Updates, message: Raw) -> Said:
    heard = await hear(updates, message)
    assert isinstance(heard, Said)
    return heard


async def test_text_in_a_topic_is_said_there_and_answers_nobody(updates: Updates) -> None:
    heard = await said(updates, message(text="Да, приезжайте"))
    assert heard == Said(TOPIC, 10, 1700000000, 501, "Анна Ким", "text", "Да, приезжайте")


async def test_answer_to_a_message_is_known_as_one(updates: Updates) -> None:
    answered = {
        "message_id": 9,
        "date": 1,
        "chat": GROUP,
        "from": ROBOT,
        "text": "Ещё продаёте?",
        "message_thread_id": 7,
    }
    assert (await said(updates, message(text="Да", reply_to_message=answered))).reply_to == 9


async def test_chain_of_answers_in_general_is_no_topic(updates: Updates) -> None:
    heard = await said(updates, message(text="Привет", is_topic_message=None, reply_to_message=None))
    assert heard.place == Place(-1001000000001)


async def test_hidden_links_are_written_out_after_emoji_too(updates: Updates) -> None:
    entities = [
        {"type": "text_link", "offset": 3, "length": 5, "url": "https://a.ru/1"},
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "text_link", "offset": 13, "length": 3, "url": "https://b.ru/"},
        {"type": "text_link", "offset": 17, "length": 14, "url": "https://c.ru/1"},
    ]
    heard = await said(updates, message(text="😀 склад или дом https://c.ru/1", entities=entities))
    assert heard.text == "😀 склад (https://a.ru/1) или дом (https://b.ru/) https://c.ru/1"


async def test_link_under_a_caption_is_written_out(updates: Updates) -> None:
    sizes = [{**FILE, "file_id": size, "width": w, "height": w} for size, w in (("s", 90), ("l", 1280), ("m", 320))]
    links = [{"type": "text_link", "offset": 0, "length": 3, "url": "https://a.ru/"}]
    heard = await said(updates, message(photo=sizes, caption="тут", caption_entities=links, media_group_id="g1"))
    assert (heard.kind, heard.text, heard.album) == ("photo", "тут (https://a.ru/)", "g1")
    assert heard.file == FileRef("l", "u", 10, "image/jpeg", None, 1280, 1280)


async def test_document_keeps_its_name_and_type(updates: Updates) -> None:
    heard = await said(updates, message(document={**FILE, "file_name": "чек.png", "mime_type": "image/png"}))
    assert (heard.kind, heard.file) == ("document", FileRef("f", "u", 10, "image/png", "чек.png"))


@pytest.mark.parametrize(
    ("animated", "video", "kind", "mime"),
    [
        (False, False, "sticker", "image/webp"),
        (True, False, "sticker_animated", None),
        (False, True, "sticker_video", None),
    ],
)
async def test_still_stickers_are_told_from_moving_ones(
    updates: Updates, animated: bool, video: bool, kind: str, mime: str | None
) -> None:
    heard = await said(updates, message(sticker={**STICKER, "is_animated": animated, "is_video": video}))
    assert (heard.kind, heard.emoji) == (kind, "👍")
    assert heard.file == FileRef("f", "u", 10, mime, None, 512, 512)


async def test_places_and_contacts_can_be_written_down(updates: Updates) -> None:
    spot = {"latitude": 55.75, "longitude": 37.61}
    assert (await said(updates, message(location=spot))).spot == Spot(55.75, 37.61)
    venue = await said(
        updates, message(location=spot, venue={"location": spot, "title": "Склад", "address": "Лесная, 1"})
    )
    assert (venue.kind, venue.spot) == ("venue", Spot(55.75, 37.61, "Склад", "Лесная, 1"))
    card = {"phone_number": "+79000000001", "first_name": "Пётр", "last_name": "Ли"}
    assert (await said(updates, message(contact=card))).contact == Card("Пётр Ли", "+79000000001")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("voice", {**FILE, "duration": 1}),
        ("audio", {**FILE, "duration": 1}),
        ("video", {**FILE, "duration": 1, "width": 1, "height": 1}),
        ("video_note", {**FILE, "duration": 1, "length": 1}),
        ("dice", {"emoji": "🎲", "value": 3}),
        ("story", {"chat": GROUP, "id": 1}),
        ("brand_new_thing", {"x": 1}),
    ],
)
async def test_what_cannot_be_carried_is_heard_all_the_same(updates: Updates, kind: str, content: Raw) -> None:
    heard = await said(updates, message(**{kind: content}))
    assert heard.kind == ("unknown" if kind == "brand_new_thing" else kind)


async def test_message_of_a_shape_nobody_knows_is_still_heard(updates: Updates) -> None:
    heard = await said(updates, message(text={"a": "new shape"}))
    assert heard == Said(TOPIC, 10, 1700000000, 501, "Анна", "unknown")
    edited = await hear(updates, message(text={"a": "new shape"}, edit_date=1700000009), "edited_message")
    assert edited == Edited(TOPIC, 10, 501, 1700000009, "")


async def test_every_content_type_of_the_library_is_judged() -> None:
    """A new kind in a new aiogram fails here, so that somebody decides: said by a person, or noted by Telegram."""
    assert sorted({kind.value for kind in ContentType} - {"any"} - {kind.value for kind in SPOKEN}) == SERVICE.split()


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


async def test_anonymous_administrator_is_staff_without_a_number(updates: Updates) -> None:
    heard = await said(
        updates, message(text="Да", **{"from": ANONYMOUS}, sender_chat=GROUP, author_signature="Старший")
    )
    assert (heard.from_id, heard.from_name) == (None, "Старший")
    closed = message(forum_topic_closed={}, **{"from": ANONYMOUS}, sender_chat=GROUP)
    assert await hear(updates, closed) == TopicEvent(TOPIC, "closed", None)


@pytest.mark.parametrize(
    "parts",
    [
        {"from": ROBOT},
        {
            "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
            "sender_chat": {"id": -1002, "type": "channel"},
        },
        {"from": None},
    ],
)
@pytest.mark.parametrize("content", [{"text": "x"}, {"text": "/close"}, {"forum_topic_closed": {}}])
async def test_bots_and_channels_are_not_staff(updates: Updates, parts: Raw, content: Raw) -> None:
    assert isinstance(await hear(updates, message(**{**parts, **content})), Ignored)
    assert isinstance(await hear(updates, message(**{**parts, **content, "edit_date": 5}), "edited_message"), Ignored)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("forum_topic_closed", {}, "closed"),
        ("forum_topic_reopened", {}, "reopened"),
        ("forum_topic_edited", {"name": "Новое"}, "edited"),
    ],
)
async def test_what_a_person_does_to_a_topic_is_heard(updates: Updates, field: str, value: Raw, kind: str) -> None:
    heard = await hear(updates, message(**{field: value}))
    assert isinstance(heard, TopicEvent)
    assert (heard.place, heard.kind, heard.from_id) == (TOPIC, kind, 501)


@pytest.mark.parametrize(
    "parts",
    [
        {"new_chat_members": [ANNA]},
        {"left_chat_member": ANNA},
        {"pinned_message": {"message_id": 9, "date": 1, "chat": GROUP, "text": "x"}},
        {"new_chat_title": "Новое"},
        {"forum_topic_created": {"name": "n", "icon_color": 1}},
        {"video_chat_started": {}},
    ],
)
async def test_service_messages_are_not_said_by_anybody(updates: Updates, parts: Raw) -> None:
    assert isinstance(await hear(updates, message(**parts)), Ignored)


async def test_moved_group_is_heard_from_both_ends(updates: Updates) -> None:
    old = message(chat={"id": -55, "type": "group", "title": "Магазин"}, migrate_to_chat_id=-1001000000001)
    assert await hear(updates, old) == Moved(-55, -1001000000001)
    assert await hear(updates, message(migrate_from_chat_id=-55)) == Moved(-55, -1001000000001)


async def test_edit_is_heard_with_its_time(updates: Updates) -> None:
    heard = await hear(updates, message(text="Нет", edit_date=1700000009), "edited_message")
    assert heard == Edited(TOPIC, 10, 501, 1700000009, "Нет")


async def test_live_location_that_moves_is_no_edit(updates: Updates) -> None:
    moving = message(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1700000009)
    assert isinstance(await hear(updates, moving, "edited_message"), Ignored)


def membership(new: Raw, chat: Raw = GROUP) -> Raw:
    user = {"user": ROBOT}
    return {
        "chat": chat,
        "from": ANNA,
        "date": 1,
        "old_chat_member": {**user, "status": "left"},
        "new_chat_member": user | new,
    }


RIGHTS = dict.fromkeys(
    (
        *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
        *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
        *("can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
    ),
    True,
)


@pytest.mark.parametrize("known", [True, False], ids=["rights as today", "rights of another time"])
@pytest.mark.parametrize("may", [True, False])
async def test_bot_knows_whether_it_may_make_topics(updates: Updates, may: bool, known: bool) -> None:
    rights: Raw = {"status": "administrator", **(RIGHTS if known else {}), "can_manage_topics": may}
    heard = await hear(updates, membership(rights), "my_chat_member")
    assert heard == Joined(-1001000000001, "Магазин", "administrator", True, may, 501)


async def test_bot_hears_that_it_was_thrown_out(updates: Updates) -> None:
    heard = await hear(updates, membership({"status": "kicked", "until_date": 0}), "my_chat_member")
    assert isinstance(heard, Joined)
    assert heard.status == "kicked"


async def test_person_who_blocks_the_bot_is_no_group(updates: Updates) -> None:
    private = {"id": 501, "type": "private"}
    heard = await hear(updates, membership({"status": "kicked", "until_date": 0}, private), "my_chat_member")
    assert isinstance(heard, Ignored)


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
        heard = await updates.hear(raw, BOT_ID, USERNAME)
    assert isinstance(heard, Ignored)
    assert "личное" not in heard.reason


async def test_two_bots_share_one_translator(updates: Updates) -> None:
    raw = {"update_id": 1, "message": message(text="/getid@second_bot")}
    assert isinstance(await updates.hear(raw, BOT_ID, USERNAME), Ignored)
    assert isinstance(await updates.hear(raw, 2, "second_bot"), Commanded)


async def test_what_was_said_is_in_no_repr(updates: Updates) -> None:
    assert "личное" not in repr(await hear(updates, message(text="личное")))
    assert "личное" not in repr(await hear(updates, message(text="/t личное")))
