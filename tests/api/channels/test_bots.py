"""Bots: connected by a token that Telegram knows, changed, let go; the token never comes back."""

from typing import Any
from uuid import uuid4

import pytest

from domain.conversations.group import ADVICE
from domain.conversations.group import GroupFault as F
from models import Bot
from models.channels.bot import TOKEN
from models.kernel.columns import unseal
from sandbox.faults import Fault, Setting, Side
from sandbox.world import World as Outside
from tests.api.channels.webhooks.dialog_webhooks import PROOF
from tests.api.conversation_factories import make_account, make_bot
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff

BOTS = "/api/bots"
GROUP = -1001234567890


def token_of_telegram(sandbox: Outside) -> str:
    """Of a bot that Telegram knows."""
    return sandbox.telegram.add_bot(username=f"bot_{uuid4().hex[:8]}").token


def group_of_telegram(sandbox: Outside, token: str, chat_id: int | None = None, **more: Any) -> int:
    """A group in which the bot can work, unless it is said otherwise."""
    return sandbox.telegram.add_group("Продажи", [sandbox.telegram.bots[token]], chat_id=chat_id, **more).id


def refused_group(answer: Any) -> str:
    """What is said at the field."""
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["loc"] == ["body", "group_chat_id"]
    return str(error["msg"])


async def connect(staff: Staff, token: str, **more: Any) -> Any:
    return await staff.http.post(f"{BOTS}/", json={"token": token, **more})


@pytest.mark.parametrize("kind", [int, str])
async def test_a_bot_is_connected_by_its_token_which_is_never_shown(
    owner: Staff, sandbox: Outside, kind: type[int] | type[str]
) -> None:
    token = token_of_telegram(sandbox)
    group = group_of_telegram(sandbox, token)
    answer = await connect(owner, token, group_chat_id=kind(group))
    bot = good(answer)
    assert (bot["status"], bot["group_chat_id"], bot["topic_mode"]) == ("active", group, "per_dialog")
    assert bot["bot_username"] in {one.username for one in sandbox.telegram.bots.values()}
    listed = await owner.http.get(f"{BOTS}/")
    assert good(listed) == [bot]
    assert token not in answer.text + listed.text
    async with owner.api.sessions() as session:
        row = await session.get_one(Bot, bot["id"])
    assert token.encode() not in row.token_sealed
    assert unseal(owner.api.context.keyring, TOKEN, row.token_sealed) == token


@pytest.mark.parametrize("token", ["", "слово", "123", "123:", ":abc", "12 3:abc", "99:sandbox-unknown", "1" * 300])
async def test_a_token_that_telegram_does_not_know_is_refused(owner: Staff, sandbox: Outside, token: str) -> None:
    assert sandbox
    refused = await connect(owner, token)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "token"])
    assert good(await owner.http.get(BOTS)) == []


@pytest.mark.parametrize("group", ["группа", "", "-", "1.5", 0, 1.5, True, 10**20, "9" * 30, "１２３"])
async def test_an_id_of_a_group_is_a_number(owner: Staff, sandbox: Outside, group: object) -> None:
    refused = await connect(owner, token_of_telegram(sandbox), group_chat_id=group)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "group_chat_id"])


async def test_a_bot_is_connected_once_in_all_organisations(owner: Staff, stranger: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    first = good(await connect(owner, token))
    for staff in (owner, stranger):
        refused = await connect(staff, token)
        assert (refused.status_code, refused.json()["code"]) == (409, "bot-taken")
    assert (await owner.http.delete(f"{BOTS}/{first['id']}")).status_code == 204
    assert good(await owner.http.get(BOTS)) == []
    good(await connect(stranger, token))


async def test_while_telegram_is_away_nothing_is_stored(owner: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    for fault in (Fault.SERVER_ERROR, Fault.DROPPED, Fault.HTML, Fault.TOO_MANY):
        sandbox.faults.set(Setting(Side.TELEGRAM, fault, times=1, path="getMe"))
        refused = await connect(owner, token)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    good(await connect(owner, token))


async def test_a_repeated_key_connects_one_bot(owner: Staff, sandbox: Outside) -> None:
    body, headers = {"token": token_of_telegram(sandbox)}, {"Idempotency-Key": str(uuid4())}
    first = good(await owner.http.post(BOTS, json=body, headers=headers))
    assert good(await owner.http.post(BOTS, json=body, headers=headers)) == first


async def test_a_repeated_key_has_its_answer_also_when_telegram_would_say_something_else_by_now(
    owner: Staff, sandbox: Outside
) -> None:
    body, headers = {"token": token_of_telegram(sandbox)}, {"Idempotency-Key": str(uuid4())}
    first = good(await owner.http.post(BOTS, json=body, headers=headers))
    change, again = {"token": token_of_telegram(sandbox)}, {"Idempotency-Key": str(uuid4())}
    changed = good(await owner.http.patch(f"{BOTS}/{first['id']}", json=change, headers=again))
    sandbox.faults.set(Setting(Side.TELEGRAM, Fault.SERVER_ERROR, times=2, path="getMe"))
    try:
        assert good(await owner.http.post(BOTS, json=body, headers=headers)) == first
        assert good(await owner.http.patch(f"{BOTS}/{first['id']}", json=change, headers=again)) == changed
    finally:
        sandbox.faults.clear()


async def test_whose_bot_it_is_comes_before_what_is_wrong_with_the_values(owner: Staff, stranger: Staff) -> None:
    path = f"{BOTS}/{(await make_bot(owner)).id}"
    wrong: list[Any] = [{"status": "broken"}, {"token": 5}, [], {"group_chat_id": "группа"}]
    for body in wrong:
        assert (await stranger.http.patch(path, json=body)).status_code == 404
        assert (await owner.http.patch(path, json=body)).status_code == 422


async def test_a_bot_changes_its_group_its_state_and_its_token(owner: Staff, sandbox: Outside) -> None:
    old, new = token_of_telegram(sandbox), token_of_telegram(sandbox)
    bot = good(await connect(owner, old))
    path = f"{BOTS}/{bot['id']}"
    group = group_of_telegram(sandbox, old)
    sandbox.telegram.groups[group].bots.add(sandbox.telegram.bots[new].id)
    assert good(await owner.http.patch(path, json={"group_chat_id": group}))["group_chat_id"] == group
    paused = good(await owner.http.patch(path, json={"status": "inactive"}))
    assert (paused["status"], paused["group_chat_id"]) == ("inactive", group)
    renewed = good(await owner.http.patch(path, json={"token": new}))
    assert renewed["bot_username"] != bot["bot_username"]
    assert renewed["status"] == "active"
    assert (await owner.http.patch(path, json={"token": "99:sandbox-unknown"})).status_code == 422
    assert (await owner.http.patch(path, json={"status": "error"})).status_code == 422
    good(await connect(owner, old))
    refused = await owner.http.patch(path, json={"token": old})
    assert (refused.status_code, refused.json()["code"]) == (409, "bot-taken")


async def test_a_bot_with_accounts_is_not_let_go(owner: Staff) -> None:
    bot = await make_bot(owner)
    account = await make_account(owner, bot)
    path = f"{BOTS}/{bot.id}"
    refused = await owner.http.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "bot-in-use")
    assert (await owner.http.delete(f"/api/avito/accounts/{account.id}")).status_code == 204
    assert (await owner.http.delete(path)).status_code == 204
    assert (await owner.http.delete(path)).status_code == 404


async def test_a_webhook_is_set_at_once_with_a_new_secret(owner: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    bot = good(await connect(owner, token))
    addresses = []
    for _ in range(2):
        answer = await owner.http.post(f"{BOTS}/{bot['id']}/webhook")
        assert good(answer)["webhook_last_error"] is None
        telegrams = next(one for one in sandbox.telegram.bots.values() if one.token == token)
        assert telegrams.webhook
        addresses.append(telegrams.webhook.url)
        assert telegrams.webhook.secret not in answer.text
    path = addresses[1].removeprefix(owner.api.settings.webhook_base_url or "")
    assert path.startswith(f"/api/webhooks/telegram/{bot['id']}/")
    async with owner.api.http() as http:
        proof = {PROOF: addresses[1].rpartition("/")[2]}
        assert good(await http.post(path, json={"update_id": 1}, headers=proof)) == {"ok": True}
        stale = addresses[0].removeprefix(owner.api.settings.webhook_base_url or "")
        assert (await http.post(stale, json={"update_id": 2})).status_code == 404


async def test_a_webhook_is_not_set_while_telegram_is_away_or_the_token_is_over(owner: Staff, sandbox: Outside) -> None:
    bot = good(await connect(owner, token_of_telegram(sandbox)))
    sandbox.faults.set(Setting(Side.TELEGRAM, Fault.SERVER_ERROR, times=1, path="setWebhook"))
    assert (await owner.http.post(f"{BOTS}/{bot['id']}/webhook")).status_code == 503
    over = await make_bot(owner)
    refused = await owner.http.post(f"{BOTS}/{over.id}/webhook")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step")


async def test_bots_belong_to_their_organisation_and_its_owner(owner: Staff, stranger: Staff) -> None:
    bot = await make_bot(owner)
    path = f"{BOTS}/{bot.id}"
    for answer in (
        await stranger.http.patch(path, json={"status": "inactive"}),
        await stranger.http.delete(path),
        await stranger.http.post(f"{path}/webhook"),
    ):
        assert answer.status_code == 404
    assert good(await stranger.http.get(BOTS)) == []
    manager = await owner.colleague()
    assert [one["id"] for one in good(await manager.http.get(BOTS))] == [str(bot.id)]
    for answer in (
        await connect(manager, "1:a"),
        await manager.http.patch(path, json={"status": "inactive"}),
        await manager.http.delete(path),
        await manager.http.post(f"{path}/webhook"),
    ):
        assert answer.status_code == 403


async def test_a_group_that_the_bot_cannot_work_in_is_refused_with_what_to_do(owner: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    number = sandbox.telegram.bots[token].id
    flat, demoted, left = (group_of_telegram(sandbox, token, is_forum=forum) for forum in (False, True, True))
    sandbox.telegram.groups[demoted].roles[str(number)] = "member"
    sandbox.telegram.groups[left].kicked.add(number)
    cases = [(flat, F.NO_TOPICS), (demoted, F.NOT_ADMINISTRATOR), (left, F.OUT), (GROUP, F.NO_CHAT)]
    for group, fault in cases:
        assert refused_group(await connect(owner, token, group_chat_id=group)) == ADVICE[fault]
    assert good(await owner.http.get(BOTS)) == []
    path = f"{BOTS}/{good(await connect(owner, token))['id']}"
    for group, fault in cases:
        assert refused_group(await owner.http.patch(path, json={"group_chat_id": group})) == ADVICE[fault]
    assert good(await owner.http.get(BOTS))[0]["group_chat_id"] is None


async def test_an_id_without_its_beginning_is_refused_with_the_one_that_was_meant(
    owner: Staff, sandbox: Outside
) -> None:
    token = token_of_telegram(sandbox)
    group = group_of_telegram(sandbox, token, chat_id=-1001000765432)
    said = refused_group(await connect(owner, token, group_chat_id=1000765432))
    assert str(group) in said
    assert good(await connect(owner, token, group_chat_id=group))["status"] == "active"


async def test_a_group_that_became_a_supergroup_is_stored_with_its_new_id(owner: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    group = group_of_telegram(sandbox, token)
    moved = sandbox.telegram.migrate(sandbox.telegram.groups[group]).id
    assert good(await connect(owner, token, group_chat_id=group))["group_chat_id"] == moved


async def test_while_telegram_is_away_a_group_is_stored_and_judged_later(owner: Staff, sandbox: Outside) -> None:
    bot = good(await connect(owner, token_of_telegram(sandbox)))
    sandbox.faults.set(Setting(Side.TELEGRAM, Fault.SERVER_ERROR))
    try:
        changed = good(await owner.http.patch(f"{BOTS}/{bot['id']}", json={"group_chat_id": GROUP}))
    finally:
        sandbox.faults.clear()
    assert (changed["status"], changed["group_chat_id"]) == ("active", GROUP)


async def test_a_new_token_is_stored_though_its_bot_is_not_in_the_group_yet(owner: Staff, sandbox: Outside) -> None:
    token = token_of_telegram(sandbox)
    group = group_of_telegram(sandbox, token)
    path = f"{BOTS}/{good(await connect(owner, token, group_chat_id=group))['id']}"
    new = token_of_telegram(sandbox)
    changed = good(await owner.http.patch(path, json={"token": new, "group_chat_id": group}))
    assert (changed["status"], changed["status_reason"]) == ("error", ADVICE[F.OUT])
    assert changed["failing_since"] is not None
    sandbox.telegram.groups[group].bots.add(sandbox.telegram.bots[new].id)
    again = good(await owner.http.patch(path, json={"status": "active"}))
    assert (again["status"], again["status_reason"], again["failing_since"]) == ("active", None, None)
