"""Groups as Telegram tells of them: who counts as staff, what becomes of topics, where the bot is a member."""

import pytest

from gateways.telegram.events import Foreign, Ignored, Joined, Moved, TopicEvent
from gateways.telegram.updates import Updates
from tests.gateways.telegram.group_updates import ANNA, ANONYMOUS, GROUP, ROBOT, TOPIC, Raw, hear, message, said


async def test_anonymous_administrator_is_staff_without_a_number(updates: Updates) -> None:
    heard = await said(
        updates, message(text="Да", **{"from": ANONYMOUS}, sender_chat=GROUP, author_signature="Старший")
    )
    assert (heard.from_id, heard.from_name) == (None, "Старший")
    closed = message(forum_topic_closed={}, **{"from": ANONYMOUS}, sender_chat=GROUP)
    assert await hear(updates, closed) == TopicEvent(TOPIC, "closed", None)


CHANNEL: Raw = {"id": -1002, "type": "channel", "title": "Новости"}
CHANNEL_BOT: Raw = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
OTHER_GROUP: Raw = {"id": -1009, "type": "supergroup", "title": "Другая"}
FOREIGN: list[tuple[Raw, str]] = [
    ({"from": {"id": 5, "is_bot": True, "first_name": "Робот"}}, "bot"),
    ({"from": CHANNEL_BOT, "sender_chat": CHANNEL}, "channel"),
    ({"from": ANONYMOUS, "sender_chat": OTHER_GROUP}, "channel"),
    ({"from": None, "sender_chat": CHANNEL}, "channel"),
    ({"from": CHANNEL_BOT, "sender_chat": CHANNEL, "is_automatic_forward": True}, "forward"),
]


@pytest.mark.parametrize(("parts", "by"), FOREIGN)
@pytest.mark.parametrize("content", [{"text": "x"}, {"text": "/close"}, {"brand_new_thing": {"x": 1}}])
async def test_what_bots_and_channels_write_is_heard_as_no_answer_of_staff(
    updates: Updates, parts: Raw, by: str, content: Raw
) -> None:
    heard = await hear(updates, message(**{**parts, **content}, media_group_id="g"))
    assert heard == Foreign(TOPIC, 10, by, "g")  # type: ignore[arg-type]  # one of the three
    assert isinstance(await hear(updates, message(**{**parts, **content, "edit_date": 5}), "edited_message"), Ignored)
    assert isinstance(await hear(updates, message(**parts, forum_topic_closed={})), Ignored)


@pytest.mark.parametrize("parts", [{"from": ROBOT}, {"from": None}])
@pytest.mark.parametrize("content", [{"text": "x"}, {"text": "/close"}, {"forum_topic_closed": {}}, {"text": {"a": 1}}])
async def test_the_bot_does_not_hear_itself(updates: Updates, parts: Raw, content: Raw) -> None:
    assert isinstance(await hear(updates, message(**{**parts, **content})), Ignored)


async def test_whoever_writes_in_a_shape_nobody_knows_is_told_apart_too(updates: Updates) -> None:
    strange: Raw = {"text": {"a": "new shape"}}
    anonymous = await said(updates, message(**strange, **{"from": ANONYMOUS}, sender_chat=GROUP, author_signature="Я"))
    assert (anonymous.kind, anonymous.from_id, anonymous.from_name) == ("unknown", None, "Я")
    robot: Raw = {"id": 5, "is_bot": True, "first_name": "Робот"}
    assert await hear(updates, message(**strange, **{"from": robot})) == Foreign(TOPIC, 10, "bot")
    channel = message(**strange, **{"from": CHANNEL_BOT}, sender_chat=CHANNEL)
    assert await hear(updates, channel) == Foreign(TOPIC, 10, "channel")


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
    assert heard == Joined(-1001000000001, "Магазин", "administrator", True, may)


async def test_bot_hears_that_it_was_thrown_out(updates: Updates) -> None:
    heard = await hear(updates, membership({"status": "kicked", "until_date": 0}), "my_chat_member")
    assert isinstance(heard, Joined)
    assert heard.status == "kicked"


async def test_person_who_blocks_the_bot_is_no_group(updates: Updates) -> None:
    private = {"id": 501, "type": "private"}
    heard = await hear(updates, membership({"status": "kicked", "until_date": 0}, private), "my_chat_member")
    assert isinstance(heard, Ignored)
