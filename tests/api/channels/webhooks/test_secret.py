"""The secret of a webhook's address is what opens it, and nothing tells it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.api.channels.webhooks.dialog_webhooks import PROOF, DialogWebhooks
from tests.api.conversation_factories import make_bot
from tests.api.onboarding_steps import good
from tests.api.shared_api import SharedApi, Staff


async def test_who_does_not_know_the_secret_is_told_nothing(webhooks: DialogWebhooks) -> None:
    wrong = [
        webhooks.telegram + "x",
        f"/api/webhooks/telegram/{webhooks.bot.id}/-",
        f"/api/webhooks/telegram/{uuid4()}/{webhooks.bot_secret}",
        f"/api/webhooks/telegram/nobody/{webhooks.bot_secret}",
        f"/api/webhooks/telegram/{webhooks.bot.id}/{webhooks.account_secret}",
        webhooks.avito + "x",
        f"/api/webhooks/avito/{uuid4()}/{webhooks.account_secret}",
        f"/api/webhooks/avito/{webhooks.account.id}/%00",
        f"/api/webhooks/avito/{webhooks.bot.id}/{webhooks.bot_secret}",
    ]
    async with webhooks.http() as http:
        for path in wrong:
            refused = await http.post(path, json=webhooks.update())
            assert refused.status_code == 404
            assert refused.json() == {
                "instance": "/api/webhooks",
                "type": "urn:privet:problem:not-found",
                "title": "Не найдено",
                "status": 404,
                "detail": "По этому адресу ничего нет.",
                "code": "not-found",
            }
    assert await webhooks.messages() == []


@pytest.mark.parametrize("proof", [None, "", "-", "another"])
async def test_the_secret_in_the_header_must_be_the_one_in_the_address(
    webhooks: DialogWebhooks, proof: str | None
) -> None:
    """Whoever reads an address in the log of a proxy cannot call it."""
    headers = {PROOF: proof} if proof is not None else {}
    async with webhooks.staff.api.http() as http:
        assert (await http.post(webhooks.telegram, json=webhooks.update(), headers=headers)).status_code == 404
    async with webhooks.http() as http:
        good(await http.post(webhooks.telegram, json=webhooks.update()))
    assert len(await webhooks.messages()) == 1


async def test_a_bot_without_a_webhook_and_one_that_was_let_go_hear_nothing(
    webhooks: DialogWebhooks, owner: Staff
) -> None:
    fresh = await make_bot(owner)
    async with webhooks.http() as http:
        for secret in ("", "-", "None"):
            for proof in ("", secret):
                path = f"/api/webhooks/telegram/{fresh.id}/{secret}"
                assert (await http.post(path, json={}, headers={PROOF: proof})).status_code == 404
        await owner.http.delete(f"/api/avito/accounts/{webhooks.account.id}")
        await owner.http.delete(f"/api/bots/{webhooks.bot.id}")
        assert (await http.post(webhooks.telegram, json=webhooks.update())).status_code == 404
        assert (await http.post(webhooks.avito, json=webhooks.hook())).status_code == 404


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_a_body_above_a_megabyte_is_refused(webhooks: DialogWebhooks, kind: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65536

    async with webhooks.http() as http:
        refused = await http.post(webhooks.telegram, content=body(), headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert webhooks.bot_secret not in refused.text


async def test_no_secret_is_in_the_log(
    webhooks: DialogWebhooks, shared_api: SharedApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with webhooks.http() as http:
        await http.post(webhooks.telegram, json=webhooks.update("Слова менеджера"))
        await http.post(webhooks.avito, json=webhooks.hook())
    ours = [record for record in caplog.records if record.name.startswith("privet")]
    logged = str([vars(record) for record in ours])
    assert "/api/webhooks/telegram/{bot_id}/{secret}" in logged
    for word in (webhooks.bot_secret, webhooks.account_secret, "Слова менеджера", "Торг уместен"):
        assert word not in logged
