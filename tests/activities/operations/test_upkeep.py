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
from tests.activities.channels_setup import ChannelsSetup
from tests.database_content import dump
from tests.factories import make_manager, make_user, stored
from tests.onboarding_setup import PROFILE, UPKEEPS, OnboardingSetup

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


async def leave(onboarding: OnboardingSetup, age: timedelta) -> None:
    """One of everything, this long after its time."""
    at = onboarding.clock() - age
    name = str(age)
    user = await make_user(onboarding.sessions)
    key = UploadTicket(file_key=name, place="user:1", content_type="image/png", expires_at=at, used_at=at)
    await stored(onboarding.sessions, key)
    await stored(onboarding.sessions, RateBucket(key=name, window_start=at, count=1))
    await stored(onboarding.sessions, Draft(caller="test", route="/", key=name, digest=b"1", created_at=at))
    session = await stored(onboarding.sessions, UserSession(user_id=user.id, expires_at=at))
    await stored(onboarding.sessions, UserSessionToken(digest=name.encode(), session_id=session.id))


async def test_what_is_older_than_a_day_goes_and_the_rest_stays(onboarding: OnboardingSetup) -> None:
    await leave(onboarding, DAY + SECOND)
    await leave(onboarding, DAY)
    assert await onboarding.upkeep.delete_leftovers() == 3 + 2
    for kind in (Draft, UploadTicket, RateBucket):
        assert len(await onboarding.rows(kind)) == 1
    assert await onboarding.rows(UserSession) == []
    assert await onboarding.rows(UserSessionToken) == []


async def test_a_session_goes_when_it_has_run_out_and_its_tokens_with_it(onboarding: OnboardingSetup) -> None:
    await leave(onboarding, SECOND)
    await leave(onboarding, -SECOND)
    assert await onboarding.upkeep.delete_leftovers() == 1
    assert len(await onboarding.rows(UserSession)) == len(await onboarding.rows(UserSessionToken)) == 1


async def test_the_sessions_of_the_staff_go_in_the_same_way(onboarding: OnboardingSetup) -> None:
    manager = await make_manager(onboarding.sessions)
    for name, age in ((b"old", SECOND), (b"live", -SECOND)):
        session = ManagerSession(manager_id=manager.id, expires_at=onboarding.clock() - age)
        await stored(onboarding.sessions, session)
        await stored(onboarding.sessions, ManagerSessionToken(digest=name, session_id=session.id))
    assert await onboarding.upkeep.delete_leftovers() == 1
    assert [token.digest for token in await onboarding.rows(ManagerSessionToken)] == [b"live"]


async def test_a_form_that_nobody_touched_for_a_month_is_thrown_away(onboarding: OnboardingSetup) -> None:
    client, manager, kept = await onboarding.new_client(), await make_manager(onboarding.sessions), timedelta(days=30)
    for form, age in (("passport", kept + SECOND), ("profile", kept)):
        autosave = Autosave(
            client_id=client.id,
            manager_id=manager.id,
            form=form,
            values_sealed=b"1",
            version=1,
            updated_at=onboarding.clock() - age,
        )
        await stored(onboarding.sessions, autosave)
    assert await onboarding.upkeep.delete_leftovers() == 1
    assert [one.form for one in await onboarding.rows(Autosave)] == ["profile"]


async def test_a_second_upkeep_finds_nothing(onboarding: OnboardingSetup) -> None:
    await leave(onboarding, 2 * DAY)
    await onboarding.upkeep.delete_leftovers()
    before = await dump(onboarding.sessions)
    assert await onboarding.upkeep.delete_leftovers() == 0
    assert await dump(onboarding.sessions) == before


async def test_a_clients_own_rows_outlive_the_draft_that_they_came_from(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    onboarding.clock.advance(DAY + SECOND)
    assert await onboarding.upkeep.delete_leftovers() == 1
    assert (await onboarding.card(client)).contact_name == PROFILE["name"]


async def test_uploads_that_nobody_attached_are_named_after_a_day_and_then_forgotten(
    onboarding: OnboardingSetup,
) -> None:
    for name, age, used in (("old", DAY + SECOND, False), ("used", DAY + SECOND, True), ("young", DAY, False)):
        at = onboarding.clock() - age
        ticket = UploadTicket(file_key=name, place="user:1", content_type="image/png", expires_at=at)
        await stored(onboarding.sessions, UploadTicket(**ticket.model_dump() | {"used_at": at if used else None}))
    assert await onboarding.upkeep.abandoned_uploads() == ["old"]
    await onboarding.upkeep.forget_uploads(["old"])
    assert await onboarding.upkeep.abandoned_uploads() == []
    assert sorted(row.file_key for row in await onboarding.rows(UploadTicket)) == ["used", "young"]


async def knock(channels: ChannelsSetup, age: timedelta, number: int) -> None:
    """One of everything that has come in or was waited for, this long ago."""
    at = channels.clock() - age
    bot = await channels.new_bot(f"{9000 + number}:sandbox-bot")
    account = await channels.new_account(bot)
    dialog = await channels.new_dialog(account)
    await stored(channels.sessions, TelegramUpdate(bot_id=bot.id, update_id=number, received_at=at))
    await stored(channels.sessions, AvitoHint(account_id=account.id, message_id="m", chat_id="c", received_at=at))
    await stored(
        channels.sessions, BotRequest(bot_id=bot.id, update_id=1, payload_sealed=b"", created_at=at, done_at=at)
    )
    await stored(channels.sessions, BotRequest(bot_id=bot.id, update_id=2, payload_sealed=b"", created_at=at))
    await stored(channels.sessions, TelegramLogin(hash=bytes([number]), used_at=at))
    link = LoginLink(token_hash=bytes([number]), telegram_user_id=1, role=Role.OWNER, expires_at=at, created_at=at)
    await stored(channels.sessions, link)
    wait = Wait(bot_id=bot.id, chat_id=-number, dialog_id=dialog.id, priority=0, asked_at=at, retry_at=at)
    await stored(channels.sessions, wait)


async def test_what_has_knocked_is_known_for_two_days(channels: ChannelsSetup) -> None:
    upkeep = UpkeepActivities(channels.sessions, UPKEEPS, channels.clock)
    await knock(channels, 2 * DAY + SECOND, 1)
    await knock(channels, 2 * DAY, 2)
    assert await upkeep.delete_leftovers() == 4 + 2 * 2
    for kind in (TelegramUpdate, AvitoHint, TelegramLogin):
        assert len(await channels.rows(kind)) == 1
    errands = await channels.rows(BotRequest)
    assert sorted(errand.done_at is None for errand in errands) == [False, True, True]
    assert (await channels.rows(LoginLink), await channels.rows(Wait)) == ([], [])
    assert await upkeep.delete_leftovers() == 0
