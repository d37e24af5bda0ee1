"""Only what is old goes, and all of it."""

from datetime import timedelta

from activities.operations.upkeep import UpkeepActivities
from models import (
    Autosave,
    AvitoHint,
    BotRequest,
    Draft,
    LoginLink,
    ManagerSession,
    ManagerSessionToken,
    RateBucket,
    TelegramLogin,
    TelegramUpdate,
    UploadTicket,
    UserSession,
    UserSessionToken,
    Wait,
)
from models.people.manager import Role
from tests.activities.desk import PROFILE, Desk
from tests.activities.front import Front
from tests.activities.rows import dump
from tests.factories import make_manager, make_user, stored

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


async def leave(desk: Desk, age: timedelta) -> None:
    """One of everything, this long after its time."""
    at = desk.clock() - age
    name = str(age)
    user = await make_user(desk.sessions)
    key = UploadTicket(file_key=name, place="user:1", content_type="image/png", expires_at=at, used_at=at)
    await stored(desk.sessions, key)
    await stored(desk.sessions, RateBucket(key=name, window_start=at, count=1))
    await stored(desk.sessions, Draft(caller="test", route="/", key=name, digest=b"1", created_at=at))
    session = await stored(desk.sessions, UserSession(user_id=user.id, expires_at=at))
    await stored(desk.sessions, UserSessionToken(digest=name.encode(), session_id=session.id))


async def test_what_is_older_than_a_day_goes_and_the_rest_stays(desk: Desk) -> None:
    await leave(desk, DAY + SECOND)
    await leave(desk, DAY)
    assert await desk.upkeep.delete_leftovers() == 3 + 2
    for kind in (Draft, UploadTicket, RateBucket):
        assert len(await desk.rows(kind)) == 1
    assert await desk.rows(UserSession) == []
    assert await desk.rows(UserSessionToken) == []


async def test_a_session_goes_when_it_has_run_out_and_its_tokens_with_it(desk: Desk) -> None:
    await leave(desk, SECOND)
    await leave(desk, -SECOND)
    assert await desk.upkeep.delete_leftovers() == 1
    assert len(await desk.rows(UserSession)) == len(await desk.rows(UserSessionToken)) == 1


async def test_the_sessions_of_the_staff_go_in_the_same_way(desk: Desk) -> None:
    manager = await make_manager(desk.sessions)
    for name, age in ((b"old", SECOND), (b"live", -SECOND)):
        session = ManagerSession(manager_id=manager.id, expires_at=desk.clock() - age)
        await stored(desk.sessions, session)
        await stored(desk.sessions, ManagerSessionToken(digest=name, session_id=session.id))
    assert await desk.upkeep.delete_leftovers() == 1
    assert [token.digest for token in await desk.rows(ManagerSessionToken)] == [b"live"]


async def test_a_form_that_nobody_touched_for_a_month_is_thrown_away(desk: Desk) -> None:
    client, manager, kept = await desk.new_client(), await make_manager(desk.sessions), timedelta(days=30)
    for form, age in (("passport", kept + SECOND), ("profile", kept)):
        autosave = Autosave(
            client_id=client.id,
            manager_id=manager.id,
            form=form,
            values_sealed=b"1",
            version=1,
            updated_at=desk.clock() - age,
        )
        await stored(desk.sessions, autosave)
    assert await desk.upkeep.delete_leftovers() == 1
    assert [one.form for one in await desk.rows(Autosave)] == ["profile"]


async def test_a_second_upkeep_finds_nothing(desk: Desk) -> None:
    await leave(desk, 2 * DAY)
    await desk.upkeep.delete_leftovers()
    before = await dump(desk.sessions)
    assert await desk.upkeep.delete_leftovers() == 0
    assert await dump(desk.sessions) == before


async def test_a_clients_own_rows_outlive_the_draft_that_they_came_from(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.do(desk.onboarding.save_profile, client, PROFILE)
    desk.clock.advance(DAY + SECOND)
    assert await desk.upkeep.delete_leftovers() == 1
    assert (await desk.card(client)).contact_name == PROFILE["name"]


async def test_uploads_that_nobody_attached_are_named_after_a_day_and_then_forgotten(desk: Desk) -> None:
    for name, age, used in (("old", DAY + SECOND, False), ("used", DAY + SECOND, True), ("young", DAY, False)):
        at = desk.clock() - age
        ticket = UploadTicket(file_key=name, place="user:1", content_type="image/png", expires_at=at)
        await stored(desk.sessions, UploadTicket(**ticket.model_dump() | {"used_at": at if used else None}))
    assert await desk.upkeep.abandoned_uploads() == ["old"]
    await desk.upkeep.forget_uploads(["old"])
    assert await desk.upkeep.abandoned_uploads() == []
    assert sorted(row.file_key for row in await desk.rows(UploadTicket)) == ["used", "young"]


async def knock(front: Front, age: timedelta, number: int) -> None:
    """One of everything that has come in or was waited for, this long ago."""
    at = front.clock() - age
    bot = await front.new_bot(f"{9000 + number}:sandbox-bot")
    account = await front.new_account(bot)
    dialog = await front.new_dialog(account)
    await stored(front.sessions, TelegramUpdate(bot_id=bot.id, update_id=number, received_at=at))
    await stored(front.sessions, AvitoHint(account_id=account.id, message_id="m", chat_id="c", received_at=at))
    await stored(front.sessions, BotRequest(bot_id=bot.id, update_id=1, payload_sealed=b"", created_at=at, done_at=at))
    await stored(front.sessions, BotRequest(bot_id=bot.id, update_id=2, payload_sealed=b"", created_at=at))
    await stored(front.sessions, TelegramLogin(hash=bytes([number]), used_at=at))
    link = LoginLink(token_hash=bytes([number]), telegram_user_id=1, role=Role.OWNER, expires_at=at, created_at=at)
    await stored(front.sessions, link)
    wait = Wait(bot_id=bot.id, chat_id=-number, dialog_id=dialog.id, priority=0, asked_at=at, retry_at=at)
    await stored(front.sessions, wait)


async def test_what_has_knocked_is_known_for_two_days(front: Front) -> None:
    upkeep = UpkeepActivities(front.sessions, front.clock)
    await knock(front, 2 * DAY + SECOND, 1)
    await knock(front, 2 * DAY, 2)
    assert await upkeep.delete_leftovers() == 4 + 2 * 2
    for kind in (TelegramUpdate, AvitoHint, TelegramLogin):
        assert len(await front.rows(kind)) == 1
    errands = await front.rows(BotRequest)
    assert sorted(errand.done_at is None for errand in errands) == [False, True, True]
    assert (await front.rows(LoginLink), await front.rows(Wait)) == ([], [])
    assert await upkeep.delete_leftovers() == 0
