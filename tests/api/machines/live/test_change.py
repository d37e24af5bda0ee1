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
    "a new client": ("client", lambda rows: make_client(rows.sessions, organisation_id=rows.organisation.id)),
    "the card": ("client", lambda rows: rows.changes(rows.client, "card_version = card_version + 1")),
    "a step of a part": ("client", lambda rows: rows.changes(rows.client, "updated_at = now() + interval '1 day'")),
    "who holds him": (
        "client",
        lambda rows: rows.changes(rows.client, f"assigned_manager_id = '{rows.owner.id}'"),
    ),
    "a contract": ("client", lambda rows: make_contract(rows.sessions, rows.keyring, rows.client)),
    "an event of the trail": (
        "client",
        lambda rows: rows.does(
            "INSERT INTO audit_events (id, client_id, actor_kind, verb, hash) "
            "VALUES (gen_random_uuid(), :id, 'system', 'code-sent', 'x')",
            id=rows.client.id,
        ),
    ),
    "a new dialog": (
        "dialog",
        lambda rows: stored(
            rows.sessions,
            Dialog(
                organisation_id=rows.organisation.id,
                avito_account_id=rows.account.id,
                avito_dialog_id="2",
                title="Стул",
            ),
        ),
    ),
    "a dialog closed": ("dialog", lambda rows: rows.changes(rows.dialog, "state = 'closed'")),
    "a message": ("dialog", lambda rows: rows.says(b"!")),
    "its status": ("dialog", lambda rows: rows.changes(rows.message, "status = 'failed'")),
    "its deletion": ("dialog", lambda rows: rows.changes(rows.message, "deleted_at = now()")),
    "a stored file": ("dialog", lambda rows: rows.changes(rows.attachment, "storage_key = 'dialogs/1.jpg'")),
    "a bot": ("bot", lambda rows: rows.changes(rows.bot, "status = 'error'")),
    "an account": ("account", lambda rows: rows.changes(rows.account, "status = 'expired'")),
    "a new account": (
        "account",
        lambda rows: stored(
            rows.sessions,
            Account(
                organisation_id=rows.organisation.id,
                bot_id=rows.bot.id,
                name="Ещё",
                api_client_id="2",
                secret_sealed=b"",
            ),
        ),
    ),
    "the rules": ("organisation", lambda rows: rows.changes(rows.organisation, "hide_system_messages = false")),
}


@pytest.mark.parametrize("change", HEARD)
async def test_a_change_is_heard_as_the_id_of_what_is_to_be_asked_for(
    served: Served, rows: OrganisationRows, change: str
) -> None:
    kind, does = HEARD[change]
    async with opened(served.url, served.token(rows.owner)) as page:
        done = await does(rows)
        name, data = await page.next()
    subjects: dict[str, Any] = {
        "client": rows.client,
        "dialog": rows.dialog,
        "bot": rows.bot,
        "account": rows.account,
    }
    made = isinstance(done, {"client": Client, "dialog": Dialog, "account": Account}.get(kind, type(None)))
    subject = done if done is not None and made else subjects.get(kind)
    assert (name, data) == (kind, {"id": str(subject.id)} if subject else {})


SILENT: dict[str, Callable[[OrganisationRows], Awaitable[Any]]] = {
    "the chain of the trail": lambda rows: rows.changes(rows.client, "events_head = 'x'"),
    "that a workflow looked": lambda rows: rows.changes(rows.client, "workflow_seen_at = now()"),
    "a claim of showing": lambda rows: rows.changes(rows.message, "show_attempts = 1"),
    "a hidden message": lambda rows: rows.says(b"?", hidden=True),
    "a reading of the chat": lambda rows: rows.changes(rows.dialog, "listed_until = 'm1', updated_at = now()"),
    "a token of Avito": lambda rows: rows.changes(rows.account, "token_sealed = 'x', token_expires_at = now()"),
    "the pace of Avito": lambda rows: rows.changes(rows.account, "next_at = now(), interval_ms = 500"),
    "a secret": lambda rows: rows.changes(rows.bot, "webhook_secret_sealed = 'x', updated_at = now()"),
    "the same again": lambda rows: rows.changes(rows.organisation, "name = name"),
    "a colleague's new password": lambda rows: rows.changes(rows.owner, "password_hash = 'x'"),
}


@pytest.mark.parametrize("change", SILENT)
async def test_what_no_page_shows_wakes_nobody(served: Served, rows: OrganisationRows, change: str) -> None:
    async with opened(served.url, served.token(rows.owner)) as page:
        await SILENT[change](rows)
        await rows.changes(rows.organisation, "name = 'Последнее'")
        assert await page.next() == ("organisation", {})


async def test_what_is_undone_was_never_heard_and_one_transaction_says_one_thing_once(
    served: Served, rows: OrganisationRows
) -> None:
    async with opened(served.url, served.token(rows.owner)) as page:
        async with rows.sessions() as session:
            await (await session.connection()).execute(text("UPDATE bots SET status = 'error'"))
            await session.rollback()
        async with rows.sessions.begin() as session:
            connection = await session.connection()
            for number in range(5):
                await connection.execute(text(f"UPDATE manager_clients SET card_version = {number + 10}"))
        await rows.changes(rows.organisation, "name = 'Последнее'")
        assert await page.heard_until("organisation") == ["client", "organisation"]


async def test_nothing_is_heard_of_another_organisation(served: Served, rows: OrganisationRows) -> None:
    other = await make_organisation(served.own_api.sessions, served.own_api.keyring)
    async with opened(served.url, served.token(other.owner)) as page:
        for _, does in HEARD.values():
            await does(rows)
        await other.changes(other.organisation, "name = 'Последнее'")
        assert await page.next() == ("organisation", {})


async def test_without_the_onboarding_right_nothing_is_heard_of_clients(served: Served, rows: OrganisationRows) -> None:
    colleague = await make_manager(rows.sessions, organisation_id=rows.organisation.id, can_onboard=False)
    async with opened(served.url, served.token(colleague)) as page:
        await rows.changes(rows.client, "card_version = 7")
        await rows.changes(rows.dialog, "state = 'closed'")
        assert await page.next() == ("dialog", {"id": str(rows.dialog.id)})
