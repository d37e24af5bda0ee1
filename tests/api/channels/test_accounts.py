"""Avito accounts: connected by a key that opens messages, changed, let go; the secret never comes back."""

from typing import Any
from uuid import uuid4

import pytest

from models import Account
from models.channels.account import CLIENT_SECRET
from models.kernel.columns import unseal
from sandbox.avito.records import Account as AvitosAccount
from sandbox.faults import Fault, Setting, Side
from sandbox.world import World as Outside
from tests.api.conversation_factories import make_account, make_bot
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff

ACCOUNTS = "/api/avito/accounts"


def account_of_avito(sandbox: Outside, **values: Any) -> AvitosAccount:
    account = sandbox.avito.add_account(client_id=f"client-{uuid4()}", client_secret=f"secret-{uuid4()}", **values)
    sandbox.avito.add_chat(account, buyer_name="Ольга")
    return account


async def connect(staff: Staff, account: AvitosAccount, **more: Any) -> Any:
    bot_id = more.pop("bot_id", None) or str((await make_bot(staff)).id)
    key = {"api_client_id": account.client_id, "api_client_secret": account.client_secret}
    return await staff.http.post(f"{ACCOUNTS}/", json={**key, "bot_id": bot_id, **more})


async def row_of(staff: Staff, account: Any) -> Account:
    async with staff.api.sessions() as session:
        return await session.get_one(Account, account["id"])


async def test_an_account_is_connected_by_its_key_whose_secret_is_never_shown(owner: Staff, sandbox: Outside) -> None:
    known = account_of_avito(sandbox)
    answer = await connect(owner, known, name="Лавка на Avito")
    account = good(answer)
    assert (account["status"], account["status_reason"], account["monitoring_enabled"]) == ("active", None, True)
    assert (account["name"], account["api_client_id"]) == ("Лавка на Avito", known.client_id)
    listed = await owner.http.get(f"{ACCOUNTS}/")
    assert good(listed) == [account]
    assert known.client_secret not in answer.text + listed.text
    row = await row_of(owner, account)
    assert row.avito_user_id == known.user_id
    assert known.client_secret.encode() not in row.secret_sealed
    assert unseal(owner.api.context.keyring, CLIENT_SECRET, row.secret_sealed) == known.client_secret


async def test_a_key_that_avito_does_not_know_is_refused(owner: Staff, sandbox: Outside) -> None:
    known = account_of_avito(sandbox)
    known.client_secret, right = "other-secret", known.client_secret
    bot = await make_bot(owner)
    body = {"api_client_id": known.client_id, "api_client_secret": right, "bot_id": str(bot.id)}
    refused = await owner.http.post(ACCOUNTS, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "api_client_id"])
    assert good(await owner.http.get(ACCOUNTS)) == []


async def test_an_account_without_the_subscription_is_kept_as_blocked_with_the_reason(
    owner: Staff, sandbox: Outside
) -> None:
    sandbox.faults.set(Setting(Side.AVITO, Fault.PAYMENT_REQUIRED, times=1))
    blocked = good(await connect(owner, account_of_avito(sandbox)))
    assert blocked["status"] == "blocked"
    assert "тариф" in blocked["status_reason"]


async def test_while_avito_is_away_nothing_is_stored(owner: Staff, sandbox: Outside) -> None:
    known = account_of_avito(sandbox)
    for fault in (Fault.SERVER_ERROR, Fault.DROPPED, Fault.HTML, Fault.TOO_MANY):
        sandbox.faults.set(Setting(Side.AVITO, fault, times=1))
        refused = await connect(owner, known)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    good(await connect(owner, known))


async def test_the_bot_must_be_the_organisations_own(owner: Staff, stranger: Staff, sandbox: Outside) -> None:
    known = account_of_avito(sandbox)
    for bot_id in (str((await make_bot(stranger)).id), str(uuid4())):
        refused = await connect(owner, known, bot_id=bot_id)
        assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "bot_id"])


async def test_a_key_is_connected_once_in_an_organisation(owner: Staff, stranger: Staff, sandbox: Outside) -> None:
    known = account_of_avito(sandbox)
    first = good(await connect(owner, known))
    refused = await connect(owner, known)
    assert (refused.status_code, refused.json()["code"]) == (409, "account-taken")
    good(await connect(stranger, known))
    assert (await owner.http.delete(f"{ACCOUNTS}/{first['id']}")).status_code == 204
    good(await connect(owner, known))


async def test_an_account_changes_its_name_its_bot_and_whether_it_is_watched(owner: Staff, sandbox: Outside) -> None:
    account = good(await connect(owner, account_of_avito(sandbox)))
    path, other = f"{ACCOUNTS}/{account['id']}", await make_bot(owner)
    changed = good(
        await owner.http.patch(path, json={"name": "Второй", "bot_id": str(other.id), "monitoring_enabled": False})
    )
    assert (changed["name"], changed["bot_id"], changed["monitoring_enabled"]) == ("Второй", str(other.id), False)
    assert (await owner.http.patch(path, json={"bot_id": str(uuid4())})).status_code == 422


async def test_a_new_secret_is_tried_out_and_must_be_of_the_same_account(owner: Staff, sandbox: Outside) -> None:
    known, another = account_of_avito(sandbox), account_of_avito(sandbox)
    account = good(await connect(owner, known))
    path = f"{ACCOUNTS}/{account['id']}"
    assert (await owner.http.patch(path, json={"api_client_secret": "wrong"})).status_code == 422
    known.client_secret = "renewed"
    good(await owner.http.patch(path, json={"api_client_secret": "renewed"}))
    row = await row_of(owner, account)
    assert unseal(owner.api.context.keyring, CLIENT_SECRET, row.secret_sealed) == "renewed"
    key = {"api_client_id": another.client_id, "api_client_secret": another.client_secret}
    refused = await owner.http.patch(path, json=key)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "api_client_id"])


@pytest.mark.parametrize("field", ["api_client_id", "api_client_secret", "bot_id"])
async def test_a_key_has_two_parts_and_a_bot(owner: Staff, field: str) -> None:
    body = {"api_client_id": "a", "api_client_secret": "b", "bot_id": str(uuid4())}
    for value in (None, "", "а б", 5):
        refused = await owner.http.post(ACCOUNTS, json={**body, field: value})
        assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", field])


async def test_accounts_belong_to_their_organisation_and_its_owner(owner: Staff, stranger: Staff) -> None:
    account = await make_account(owner)
    path = f"{ACCOUNTS}/{account.id}"
    assert (await stranger.http.patch(path, json={"name": "Моё"})).status_code == 404
    assert (await stranger.http.delete(path)).status_code == 404
    assert good(await stranger.http.get(ACCOUNTS)) == []
    manager = await owner.colleague()
    assert [one["id"] for one in good(await manager.http.get(ACCOUNTS))] == [str(account.id)]
    assert (await manager.http.patch(path, json={"name": "Моё"})).status_code == 403
    assert (await manager.http.delete(path)).status_code == 403


async def test_whose_account_it_is_comes_before_what_is_wrong_with_the_values(owner: Staff, stranger: Staff) -> None:
    path = f"{ACCOUNTS}/{(await make_account(owner)).id}"
    wrong: list[Any] = [{"bot_id": "мой"}, {"monitoring_enabled": None}, [], {"api_client_id": ""}]
    for body in wrong:
        assert (await stranger.http.patch(path, json=body)).status_code == 404
        assert (await owner.http.patch(path, json=body)).status_code == 422


async def test_a_repeated_key_has_its_answer_also_when_avito_would_say_something_else_by_now(
    owner: Staff, sandbox: Outside
) -> None:
    known, headers = account_of_avito(sandbox), {"Idempotency-Key": str(uuid4())}
    key = {"api_client_id": known.client_id, "api_client_secret": known.client_secret}
    body = {**key, "bot_id": str((await make_bot(owner)).id)}
    first = good(await owner.http.post(ACCOUNTS, json=body, headers=headers))
    known.client_secret = "renewed"
    change, again = {"api_client_secret": "renewed"}, {"Idempotency-Key": str(uuid4())}
    changed = good(await owner.http.patch(f"{ACCOUNTS}/{first['id']}", json=change, headers=again))
    known.client_secret = "renewed-once-more"
    assert good(await owner.http.post(ACCOUNTS, json=body, headers=headers)) == first
    assert good(await owner.http.patch(f"{ACCOUNTS}/{first['id']}", json=change, headers=again)) == changed
    other = await owner.http.post(ACCOUNTS, json={**body, "name": "Другая"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-mismatch")
