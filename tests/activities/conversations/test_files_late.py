"""A buyer's file that does not come at once: trouble puts it off, only an answer about this very file ends in words."""

from itertools import count
from typing import Any

import pytest

from activities.conversations.core.messages import Standing
from domain.conversations.file import MOST_TRIES, TRIES, next_fetch
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected, TooBig, TooMany, Unauthorised, Unknown
from models import Account
from models.channels.account import AccountStatus
from tests.activities.conversations.faulty_gateways import ChangedTelegram, RefusingMedia
from tests.activities.conversations.test_answer_hazards import odd
from tests.clock import MONDAY_NOON
from tests.conversation_setup import ConversationSetup

_NUMBERS = count()
GIVEN_UP = "не отдаёт"
ELSEWHERE = {"image": {"sizes": {"1x1": "https://example.com/a.jpg"}}}


async def kinds(conversation: ConversationSetup) -> list[str]:
    """What the bot has sent behind the first message, notices as texts."""
    return [one["kind"] for one in (await conversation.topic())[2:] if one["by_bot"]]


async def followed(conversation: ConversationSetup, standing: Standing, hours: float = 1) -> Standing:
    """As the workflow does: shows whenever something waits and its time has come."""
    waited = 0.0
    while standing.to_show and waited < hours * 3600:
        pause = max(1.0, (standing.show_at - conversation.now()).total_seconds()) if standing.show_at else 1.0
        conversation.wait(pause)
        waited += pause
        standing = await conversation.show()
    return standing


async def test_a_step_that_has_not_opened_the_account_opens_it_for_a_voice(conversation: ConversationSetup) -> None:
    """What one step could not show, because Telegram was busy, the next one shows, whichever it is."""
    await conversation.sandbox.fault("telegram", "too-many-bare", path="sendVoice", times=1)
    await conversation.buyer(type="voice")
    assert (await conversation.show()).to_show
    conversation.wait(2)
    await conversation.remind()
    assert await kinds(conversation) == ["voice"]


async def test_the_same_for_a_step_that_sends(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("telegram", "too-many-bare", path="sendVoice", times=1)
    await conversation.buyer(type="voice")
    assert (await conversation.show()).to_show
    await conversation.staff("Слушаю")
    conversation.wait(2)
    await conversation.answer()
    assert await kinds(conversation) == ["voice"]
    assert conversation.sent_to_buyer() == ["Слушаю"]


@pytest.mark.parametrize("every", [2, 3, 5])
@pytest.mark.parametrize("step", ["show", "remind", "answer"])
async def test_voices_arrive_all_under_a_busy_telegram(conversation: ConversationSetup, every: int, step: str) -> None:
    await conversation.sandbox.fault("telegram", "too-many-bare", path="send", every=every)
    for _ in range(3):
        await conversation.buyer(type="voice")
    standing = await conversation.show()
    for tries in range(40):
        if not standing.to_show:
            break
        conversation.wait(2)
        standing = await conversation.show(tries) if step == "show" else await getattr(conversation, step)()
    assert [kind for kind in await kinds(conversation) if kind == "voice"] == ["voice"] * 3
    assert not any(GIVEN_UP in text for text in await conversation.said())


@pytest.mark.parametrize("tries", [0, 3, 50])
async def test_failures_of_the_conversation_are_not_those_of_a_file(
    conversation: ConversationSetup, tries: int
) -> None:
    await conversation.sandbox.fault("avito", "server-error", path="getVoiceFiles", times=3)
    await conversation.buyer(type="voice")
    standing = await conversation.show(tries)
    assert standing.trouble is Trouble.AVITO
    assert await kinds(conversation) == []
    conversation.wait(61)
    assert not (await conversation.show(tries)).to_show
    assert await kinds(conversation) == ["voice"]


def refuse_files(conversation: ConversationSetup, outcome: Exception, times: int = 10**6) -> RefusingMedia:
    media = RefusingMedia(conversation.http, conversation.sandbox.url, outcome, times)
    conversation.build(media=media)
    return media


@pytest.mark.parametrize("outcome", [Unknown("500"), Unknown("TimeoutError"), TooMany("429", 2.0)])
@pytest.mark.parametrize("kind", ["voice", "image"])
async def test_a_file_that_does_not_come_lets_others_pass_and_comes_later(
    conversation: ConversationSetup, kind: str, outcome: Exception
) -> None:
    refuse_files(conversation, outcome)
    await conversation.buyer(type=kind)
    await conversation.buyer("Видно?")
    standing = await conversation.show()
    for _ in range(2):
        assert await kinds(conversation) == []
        conversation.wait(30)
        standing = await conversation.show()
    notice, question = (await conversation.said())[-2:]
    assert "получить файл пока не удаётся" in notice
    assert question == "Видно?"
    assert standing.to_show
    assert standing.trouble is None
    assert standing.show_at is not None
    assert standing.show_at > conversation.now()
    conversation.build()
    assert not (await followed(conversation, standing)).to_show
    shown = (await conversation.topic())[-1]
    assert shown["kind"] == {"voice": "voice", "image": "photo"}[kind]
    told = next(one for one in await conversation.topic() if one["text"] == notice)
    assert shown["reply_to"] == told["message_id"]
    assert shown["caption"] == "Покупатель"
    assert not any(GIVEN_UP in text for text in await conversation.said())


async def test_a_late_file_is_told_of_once_and_asked_for_ever_less_often(conversation: ConversationSetup) -> None:
    refuse_files(conversation, Unknown("500"))
    await conversation.buyer(type="voice")
    standing = await followed(conversation, await conversation.show(), hours=6)
    assert len(await kinds(conversation)) == 1
    assert standing.show_at is not None
    assert (standing.show_at - conversation.now()).total_seconds() > 600


async def test_a_file_that_never_comes_is_given_up_after_a_day_and_may_be_asked_for(
    conversation: ConversationSetup,
) -> None:
    refuse_files(conversation, Unknown("500"))
    await conversation.buyer(type="voice")
    standing = await followed(conversation, await conversation.show(), hours=30)
    assert not standing.to_show
    assert "так и не удалось" in (await conversation.said())[-1]
    assert len(await kinds(conversation)) == 2
    conversation.build()
    await conversation.staff("/retry")
    await conversation.answer()
    assert sorted((await kinds(conversation))[-2:]) == ["text", "voice"]


async def test_a_voice_waits_for_a_refused_key_and_others_do_not(conversation: ConversationSetup) -> None:
    await conversation.buyer(type="voice")
    await conversation.sandbox.fault("telegram", "too-many-bare", path="sendVoice", times=1)
    await conversation.buyer("Слышно?")
    await conversation.show()
    async with conversation.sessions.begin() as session:
        account = await session.get_one(Account, conversation.account_id)
        account.status = AccountStatus.EXPIRED
    conversation.wait(2)
    standing = await conversation.remind()
    assert standing.to_show
    assert (await conversation.said())[-1] == "Слышно?"
    async with conversation.sessions.begin() as session:
        account = await session.get_one(Account, conversation.account_id)
        account.status = AccountStatus.ACTIVE
    assert not (await followed(conversation, standing)).to_show
    assert (await kinds(conversation))[-1] == "voice"


@pytest.mark.parametrize(
    "outcome", [Rejected(404, "gone"), Rejected(410, "gone"), Unauthorised(403, "expired"), TooBig(1)], ids=str
)
async def test_an_answer_about_the_file_itself_is_told_at_once(
    conversation: ConversationSetup, outcome: Exception
) -> None:
    refuse_files(conversation, outcome)
    await conversation.buyer(type="voice")
    assert not (await conversation.show()).to_show
    told = (await conversation.said())[-1]
    assert GIVEN_UP in told
    assert "/retry" in told


@pytest.mark.parametrize("by", ["answer", "alone", "app"])
async def test_what_was_given_up_can_be_asked_for_again(conversation: ConversationSetup, by: str) -> None:
    """Avito's link of a voice lives for an hour, so a new one is asked for."""
    refuse_files(conversation, Rejected(404, "gone"))
    await conversation.buyer(type="voice")
    await conversation.show()
    conversation.build()
    conversation.wait(7200)
    told = (await conversation.topic())[-1]
    if by == "app":
        assert (await conversation.change("retry")).to_show
        assert not (await conversation.show()).to_show
    else:
        more = {"reply_to": told["message_id"]} if by == "answer" else {}
        await conversation.staff("/retry", **more)
        assert not (await conversation.answer()).to_show
    [voice] = [one for one in await conversation.topic() if one["kind"] == "voice"]
    assert voice["reply_to"] == told["message_id"]
    assert voice["caption"] == "Покупатель"


async def test_a_late_file_is_asked_for_at_once_by_an_answer_to_its_notice(conversation: ConversationSetup) -> None:
    refuse_files(conversation, Unknown("500"))
    await conversation.buyer(type="voice")
    for _ in range(3):
        await conversation.show()
        conversation.wait(5)
    told = (await conversation.topic())[-1]
    assert "пока не удаётся" in told["text"]
    conversation.build()
    await conversation.staff("/retry", reply_to=told["message_id"])
    assert not (await conversation.answer()).to_show
    assert "voice" in await kinds(conversation)


async def test_a_file_asked_for_again_that_is_still_refused_is_told_again(conversation: ConversationSetup) -> None:
    await conversation.buyer(type="image", content=ELSEWHERE)
    await conversation.show()
    assert not (await conversation.change("retry")).trouble
    await conversation.show()
    assert [GIVEN_UP in text for text in (await conversation.said())[-2:]] == [True, True]


async def test_nothing_is_asked_for_again_where_all_files_have_come(conversation: ConversationSetup) -> None:
    await conversation.buyer(type="voice")
    await conversation.show()
    await conversation.staff("/retry")
    await conversation.answer()
    assert "нечего" in (await conversation.said())[-1]
    assert (await kinds(conversation)).count("voice") == 1


async def test_a_picture_that_telegram_never_confirms_is_not_blamed_on_avito(conversation: ConversationSetup) -> None:
    async def slow(_inner: Any, *_args: Any, **_kwargs: Any) -> int:
        raise Unknown("TimeoutError")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, send_photo=slow))
    await conversation.buyer(type="image")
    for tries in range(8):
        await conversation.show(tries)
    told = (await conversation.said())[-1]
    assert "Telegram не принимает этот файл" in told
    conversation.build()
    await conversation.change("retry")
    await conversation.show()
    assert (await kinds(conversation))[-1] == "photo"


async def test_a_reminder_does_not_wait_for_a_late_file(conversation: ConversationSetup) -> None:
    refuse_files(conversation, Unknown("500"))
    await conversation.buyer(type="voice")
    for _ in range(3):
        await conversation.show()
        conversation.wait(5)
    assert (await conversation.remind()).show_at is None


async def test_an_expired_link_of_a_picture_is_read_anew(conversation: ConversationSetup) -> None:
    """The link is stored with the message, and the chat names a new one."""
    media = RefusingMedia(conversation.http, conversation.sandbox.url, Unauthorised(403, "expired"), times=1)
    conversation.build(avito=odd(conversation, "messages", renamed), media=media)
    await conversation.buyer(type="image")
    await conversation.show()
    assert await kinds(conversation) == ["photo"]
    assert len(set(media.urls)) == 2


async def renamed(inner: Any, *args: Any, **kwargs: Any) -> Any:
    """The same pictures under links that differ each time."""
    found = await inner(*args, **kwargs)
    for one in found:
        sizes = (one.content.get("image") or {}).get("sizes") or {}
        sizes |= {size: f"{url}?{next(_NUMBERS)}" for size, url in sizes.items()}
    return found


def test_patience_is_a_day() -> None:
    at = MONDAY_NOON
    for tries in range(TRIES, MOST_TRIES):
        at = next_fetch(tries, at)
    assert 22 < (at - MONDAY_NOON).total_seconds() / 3600 < 26
