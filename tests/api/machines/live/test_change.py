"""Pages of the staff hear what changes in their organisation, as ids, and nothing of anybody else's."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import text

from models import Account, Client, Dialog
from tests.api.machines.live.conftest import Served
from tests.api.machines.live.event_stream import opened
from tests.api.machines.live.organisation_rows import OrganisationRows, make_organisation
from tests.factories import make_client, make_contract, make_manager, stored

HEARD: dict[str, tuple[str, Callable[[OrganisationRows], Awaitable[Any]]]] = {
    "a new client": ("client", lambda shop: make_client(shop.sessions, organisation_id=shop.organisation.id)),
    "the card": ("client", lambda shop: shop.changes(shop.client, "card_version = card_version + 1")),
    "a step of a part": ("client", lambda shop: shop.changes(shop.client, "updated_at = now() + interval '1 day'")),
    "who holds him": (
        "client",
        lambda shop: shop.changes(shop.client, f"assigned_manager_id = '{shop.owner.id}'"),
    ),
    "a contract": ("client", lambda shop: make_contract(shop.sessions, shop.keyring, shop.client)),
    "an event of the trail": (
        "client",
        lambda shop: shop.does(
            "INSERT INTO audit_events (id, client_id, actor_kind, verb, hash) "
            "VALUES (gen_random_uuid(), :id, 'system', 'code-sent', 'x')",
            id=shop.client.id,
        ),
    ),
    "a new dialog": (
        "dialog",
        lambda shop: stored(
            shop.sessions,
            Dialog(
                organisation_id=shop.organisation.id,
                avito_account_id=shop.account.id,
                avito_dialog_id="2",
                title="Стул",
            ),
        ),
    ),
    "a dialog closed": ("dialog", lambda shop: shop.changes(shop.dialog, "state = 'closed'")),
    "a message": ("dialog", lambda shop: shop.says(b"!")),
    "its status": ("dialog", lambda shop: shop.changes(shop.message, "status = 'failed'")),
    "its deletion": ("dialog", lambda shop: shop.changes(shop.message, "deleted_at = now()")),
    "a stored file": ("dialog", lambda shop: shop.changes(shop.attachment, "storage_key = 'dialogs/1.jpg'")),
    "a bot": ("bot", lambda shop: shop.changes(shop.bot, "status = 'error'")),
    "an account": ("account", lambda shop: shop.changes(shop.account, "status = 'expired'")),
    "a new account": (
        "account",
        lambda shop: stored(
            shop.sessions,
            Account(
                organisation_id=shop.organisation.id,
                bot_id=shop.bot.id,
                name="Ещё",
                api_client_id="2",
                secret_sealed=b"",
            ),
        ),
    ),
    "the rules": ("organisation", lambda shop: shop.changes(shop.organisation, "hide_system_messages = false")),
}


@pytest.mark.parametrize("change", HEARD)
async def test_a_change_is_heard_as_the_id_of_what_is_to_be_asked_for(
    served: Served, shop: OrganisationRows, change: str
) -> None:
    kind, does = HEARD[change]
    async with opened(served.url, served.token(shop.owner)) as page:
        done = await does(shop)
        name, data = await page.next()
    subjects: dict[str, Any] = {
        "client": shop.client,
        "dialog": shop.dialog,
        "bot": shop.bot,
        "account": shop.account,
    }
    made = isinstance(done, {"client": Client, "dialog": Dialog, "account": Account}.get(kind, type(None)))
    subject = done if done is not None and made else subjects.get(kind)
    assert (name, data) == (kind, {"id": str(subject.id)} if subject else {})


SILENT: dict[str, Callable[[OrganisationRows], Awaitable[Any]]] = {
    "the chain of the trail": lambda shop: shop.changes(shop.client, "events_head = 'x'"),
    "that a workflow looked": lambda shop: shop.changes(shop.client, "workflow_seen_at = now()"),
    "a claim of showing": lambda shop: shop.changes(shop.message, "show_attempts = 1"),
    "a hidden message": lambda shop: shop.says(b"?", hidden=True),
    "a reading of the chat": lambda shop: shop.changes(shop.dialog, "listed_until = 'm1', updated_at = now()"),
    "a token of Avito": lambda shop: shop.changes(shop.account, "token_sealed = 'x', token_expires_at = now()"),
    "the pace of Avito": lambda shop: shop.changes(shop.account, "next_at = now(), interval_ms = 500"),
    "a secret": lambda shop: shop.changes(shop.bot, "webhook_secret_sealed = 'x', updated_at = now()"),
    "the same again": lambda shop: shop.changes(shop.organisation, "name = name"),
    "a colleague's new password": lambda shop: shop.changes(shop.owner, "password_hash = 'x'"),
}


@pytest.mark.parametrize("change", SILENT)
async def test_what_no_page_shows_wakes_nobody(served: Served, shop: OrganisationRows, change: str) -> None:
    async with opened(served.url, served.token(shop.owner)) as page:
        await SILENT[change](shop)
        await shop.changes(shop.organisation, "name = 'Последнее'")
        assert await page.next() == ("organisation", {})


async def test_what_is_undone_was_never_heard_and_one_transaction_says_one_thing_once(
    served: Served, shop: OrganisationRows
) -> None:
    async with opened(served.url, served.token(shop.owner)) as page:
        async with shop.sessions() as session:
            await (await session.connection()).execute(text("UPDATE bots SET status = 'error'"))
            await session.rollback()
        async with shop.sessions.begin() as session:
            connection = await session.connection()
            for number in range(5):
                await connection.execute(text(f"UPDATE manager_clients SET card_version = {number + 10}"))
        await shop.changes(shop.organisation, "name = 'Последнее'")
        assert await page.heard_until("organisation") == ["client", "organisation"]


async def test_nothing_is_heard_of_another_organisation(served: Served, shop: OrganisationRows) -> None:
    other = await make_organisation(served.site.sessions, served.site.keyring)
    async with opened(served.url, served.token(other.owner)) as page:
        for _, does in HEARD.values():
            await does(shop)
        await other.changes(other.organisation, "name = 'Последнее'")
        assert await page.next() == ("organisation", {})


async def test_without_the_onboarding_right_nothing_is_heard_of_clients(served: Served, shop: OrganisationRows) -> None:
    colleague = await make_manager(shop.sessions, organisation_id=shop.organisation.id, can_onboard=False)
    async with opened(served.url, served.token(colleague)) as page:
        await shop.changes(shop.client, "card_version = 7")
        await shop.changes(shop.dialog, "state = 'closed'")
        assert await page.next() == ("dialog", {"id": str(shop.dialog.id)})
