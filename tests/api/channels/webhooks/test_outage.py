"""An outage of Temporal loses no update, and one of the database has it said again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import ASGITransport, AsyncClient

from api.app import create_app
from settings import Settings
from tests.api.channels.webhooks.dialog_webhooks import PROOF, DialogWebhooks
from tests.api.onboarding_steps import good
from tests.api.shared_api import ADDRESS
from tests.api.test_outages import silence

assert silence


@asynccontextmanager
async def api(webhooks: DialogWebhooks, settings: Settings, **changes: object) -> AsyncIterator[AsyncClient]:
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app), AsyncClient(transport=ASGITransport(app), base_url=ADDRESS) as http:
        http.headers[PROOF] = webhooks.bot_secret
        yield http


async def test_without_temporal_an_update_is_kept_and_answered(
    webhooks: DialogWebhooks, api_settings: Settings, silence: str
) -> None:
    async with api(webhooks, api_settings, temporal_address=silence) as http:
        good(await http.post(webhooks.telegram, json=webhooks.update()))
        good(await http.post(webhooks.avito, json=webhooks.hook()))
        assert len(await webhooks.messages()) == 1


async def test_without_the_database_telegram_is_asked_to_say_it_again(
    webhooks: DialogWebhooks, api_settings: Settings, silence: str
) -> None:
    secret = type(api_settings.database_url)(f"postgresql+asyncpg://nobody:nothing@{silence}/none")
    async with api(webhooks, api_settings, database_url=secret) as http:
        for path in (webhooks.telegram, webhooks.avito):
            refused = await http.post(path, json=webhooks.update())
            assert refused.status_code == 503
            assert path.rpartition("/")[2] not in refused.text
