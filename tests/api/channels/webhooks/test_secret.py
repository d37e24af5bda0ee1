"""The secret of a webhook's address is what opens it, and nothing tells it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.api.channels.webhooks.dialog_webhooks import DialogWebhooks
from tests.api.conversation_factories import make_bot
from tests.api.onboarding_steps import good
from tests.api.shared_api import SharedApi, Staff

PROOF = "X-Telegram-Bot-Api-Secret-Token"


async def test_who_does_not_know_the_secret_is_told_nothing(talk: DialogWebhooks) -> None:
    wrong = [
        talk.telegram + "x",
        f"/api/webhooks/telegram/{talk.bot.id}/-",
        f"/api/webhooks/telegram/{uuid4()}/{talk.bot_secret}",
        f"/api/webhooks/telegram/nobody/{talk.bot_secret}",
        f"/api/webhooks/telegram/{talk.bot.id}/{talk.account_secret}",
        talk.avito + "x",
        f"/api/webhooks/avito/{uuid4()}/{talk.account_secret}",
        f"/api/webhooks/avito/{talk.account.id}/%00",
        f"/api/webhooks/avito/{talk.bot.id}/{talk.bot_secret}",
    ]
    async with talk.staff.world.http() as http:
        for path in wrong:
            refused = await http.post(path, json=talk.update())
            assert refused.status_code == 404
            assert refused.json() == {
                "instance": "/api/webhooks",
                "type": "urn:privet:problem:not-found",
                "title": "Не найдено",
                "status": 404,
                "detail": "По этому адресу ничего нет.",
                "code": "not-found",
            }
    assert await talk.messages() == []


async def test_the_secret_in_the_header_must_be_the_one_in_the_address(talk: DialogWebhooks) -> None:
    async with talk.staff.world.http() as http:
        refused = await http.post(talk.telegram, json=talk.update(), headers={PROOF: "another"})
        assert refused.status_code == 404
        good(await http.post(talk.telegram, json=talk.update(), headers={PROOF: talk.bot_secret}))
    assert len(await talk.messages()) == 1


async def test_a_bot_without_a_webhook_and_one_that_was_let_go_hear_nothing(talk: DialogWebhooks, owner: Staff) -> None:
    fresh = await make_bot(owner)
    async with owner.world.http() as http:
        for secret in ("", "-", "None"):
            assert (await http.post(f"/api/webhooks/telegram/{fresh.id}/{secret}", json={})).status_code == 404
        await owner.http.delete(f"/api/avito/accounts/{talk.account.id}")
        await owner.http.delete(f"/api/bots/{talk.bot.id}")
        assert (await http.post(talk.telegram, json=talk.update())).status_code == 404
        assert (await http.post(talk.avito, json=talk.hook())).status_code == 404


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_a_body_above_a_megabyte_is_refused(talk: DialogWebhooks, kind: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65536

    async with talk.staff.world.http() as http:
        refused = await http.post(talk.telegram, content=body(), headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert talk.bot_secret not in refused.text


async def test_no_secret_is_in_the_log(
    talk: DialogWebhooks, world: SharedApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with world.http() as http:
        await http.post(talk.telegram, json=talk.update("Слова менеджера"))
        await http.post(talk.avito, json=talk.hook())
    ours = [record for record in caplog.records if record.name.startswith("privet")]
    logged = str([vars(record) for record in ours])
    assert "/api/webhooks/telegram/{bot_id}/{secret}" in logged
    for word in (talk.bot_secret, talk.account_secret, "Слова менеджера", "Торг уместен"):
        assert word not in logged
