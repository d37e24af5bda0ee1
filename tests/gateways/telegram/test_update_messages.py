"""Messages that people write or edit, as Telegram tells them, become what was said."""

import pytest
from aiogram.enums import ContentType

from gateways.telegram.events import Card, Edited, FileRef, Ignored, Said, Spot
from gateways.telegram.shapes import Place
from gateways.telegram.update_parts import SPOKEN
from gateways.telegram.updates import Updates
from tests.gateways.telegram.group_updates import ANNA, FILE, GROUP, ROBOT, STICKER, TOPIC, Raw, hear, message, said

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
    heard = await said(updates, message(text="Да", reply_to_message=answered))
    assert (heard.reply_to, heard.answers_bot) == (9, True)
    assert not (await said(updates, message(text="Да", reply_to_message=answered | {"from": ANNA}))).answers_bot


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
    assert heard.file == FileRef("l", 10, "image/jpeg", unique="u")


async def test_document_keeps_its_name_and_type(updates: Updates) -> None:
    heard = await said(updates, message(document={**FILE, "file_name": "чек.png", "mime_type": "image/png"}))
    assert (heard.kind, heard.file) == ("document", FileRef("f", 10, "image/png", "чек.png", "u"))


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
    assert heard.file == FileRef("f", 10, mime, unique="u")


async def test_places_and_contacts_can_be_written_down(updates: Updates) -> None:
    spot = {"latitude": 55.75, "longitude": 37.61}
    assert (await said(updates, message(location=spot))).spot == Spot(55.75, 37.61)
    venue = await said(
        updates, message(location=spot, venue={"location": spot, "title": "Склад", "address": "Лесная, 1"})
    )
    assert (venue.kind, venue.spot) == ("venue", Spot(55.75, 37.61, "Склад", "Лесная, 1"))
    card = {"phone_number": "+79000000001", "first_name": "Пётр", "last_name": "Ли"}
    assert (await said(updates, message(contact=card))).contact == Card("Пётр Ли", "+79000000001")


async def test_whose_contact_it_is_and_whether_it_was_passed_on(updates: Updates) -> None:
    card = {"phone_number": "79000000001", "first_name": "Пётр", "user_id": 501}
    heard = await said(updates, message(contact=card))
    assert (heard.contact, heard.forwarded) == (Card("Пётр", "79000000001", 501), False)
    assert "79000000001" not in repr(heard)
    person = {"id": 502, "is_bot": False, "first_name": "Анна"}
    bot = {"id": 503, "is_bot": True, "first_name": "Бот", "username": "other_bot"}
    for passed_on in (
        {"forward_origin": {"type": "user", "date": 1, "sender_user": person}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Анна"}},
        {"forward_date": 1, "forward_from": person},
        {"via_bot": bot},
    ):
        assert (await said(updates, message(contact=card, **passed_on))).forwarded


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
    assert edited == Edited(TOPIC, 10, 501, 1700000009, "", "unknown")
    half = await hear(updates, message(text="Нет", entities=5, edit_date=1700000009), "edited_message")
    assert half == Edited(TOPIC, 10, 501, 1700000009, "Нет", "unknown")


async def test_every_content_type_of_the_library_is_judged() -> None:
    """A new kind in a new aiogram fails here, so that somebody decides: said by a person, or noted by Telegram."""
    assert sorted({kind.value for kind in ContentType} - {"any"} - {kind.value for kind in SPOKEN}) == SERVICE.split()


async def test_edit_is_heard_with_its_time(updates: Updates) -> None:
    heard = await hear(updates, message(text="Нет", edit_date=1700000009), "edited_message")
    assert heard == Edited(TOPIC, 10, 501, 1700000009, "Нет")
    photo = [{**FILE, "width": 9, "height": 9}]
    replaced = await hear(updates, message(photo=photo, caption="Вот", edit_date=1700000009), "edited_message")
    file = FileRef("f", 10, "image/jpeg", unique="u")
    assert replaced == Edited(TOPIC, 10, 501, 1700000009, "Вот", "photo", file)


async def test_live_location_that_moves_is_no_edit(updates: Updates) -> None:
    moving = message(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1700000009)
    assert isinstance(await hear(updates, moving, "edited_message"), Ignored)
