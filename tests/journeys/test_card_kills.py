"""Who died while the database was committing his work: it is done, and he never heard of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.journeys.http_callers import ClientApp, ManagerApp, good
from tests.journeys.product import Product, eventually

pytestmark = pytest.mark.xdist_group("journeys")

WAIT = """
CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    RETURN NULL;
END $$
"""


@asynccontextmanager
async def killed_while_committing(product: Product, part: str, table: str, client_id: str) -> AsyncIterator[None]:
    """The part that writes a row of the client inside, or one that waits for it, dies before it hears of the COMMIT."""
    connection = await asyncpg.connect(product.stack.owner_url.replace("+asyncpg", ""))
    try:
        await connection.execute(WAIT)
        await connection.execute(
            f"CREATE CONSTRAINT TRIGGER wait_for_the_test AFTER INSERT OR UPDATE ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.client_id = '{client_id}') "
            "EXECUTE FUNCTION wait_for_the_test()"
        )
        await connection.execute("SELECT pg_advisory_lock(1)")
        yield
        await eventually(lambda: _commits(product), "the work is being committed")
        await product.do(product.kill, part)
    finally:
        await connection.execute("SELECT pg_advisory_unlock_all()")
        # Waits for the commit.
        await connection.execute("DROP FUNCTION IF EXISTS wait_for_the_test CASCADE")
        await connection.close()
    await product.do(product.start, part)


async def _commits(product: Product) -> bool:
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
    return bool(await product.rows(waiting))


async def met(product: Product, manager_app: ManagerApp) -> str:
    """The id of a client who has just registered."""
    async with ClientApp(product) as person:
        await person.register(name="Пётр Ёлкин")
        return await manager_app.find(person.phone)


async def test_a_form_that_was_stored_while_the_api_died_is_answered_as_saved(
    product: Product, manager_app: ManagerApp
) -> None:
    """Its author is told of no other window's changes, for there are none."""
    client_id = await met(product, manager_app)
    path = f"/api/manager/clients/{client_id}/autosaves/passport"

    async def save(name: str, version: int | None) -> Any:
        return good(await manager_app.ask("PUT", path, {"values": {"last_name": name}, "version": version}))

    saved = None
    for name in ("Ёлк", "Ёлкин"):
        repeats, before = manager_app.repeats, saved
        async with killed_while_committing(product, "api", "manager_autosaves", client_id):
            asking = asyncio.create_task(save(name, before["version"] if before else None))
        stored = await product.value("SELECT version FROM manager_autosaves WHERE client_id = $1", UUID(client_id))
        saved = await asking
        assert manager_app.repeats > repeats
        assert saved["version"] == stored, "it was written by the one that died, and not once more"
        assert saved["values"] == {"last_name": name}
    assert await manager_app.get(f"/clients/{client_id}/autosaves") == [saved]


@pytest.mark.parametrize("part", ["api", "worker"])
async def test_a_step_for_one_version_of_the_card_is_not_refused_for_its_own_change(
    product: Product, manager_app: ManagerApp, part: str
) -> None:
    client_id = await met(product, manager_app)
    profile = {"phone": "9035550101", "name": "Пётр Первый", "email": None, "address": None}
    path = f"/api/manager/clients/{client_id}/profile"
    async with killed_while_committing(product, part, "audit_events", client_id):
        asking = asyncio.create_task(manager_app.ask("PATCH", path, profile, headers={"If-Match": '"0"'}))
    saved = await asking
    assert (good(saved)["user"]["name"], saved.headers["ETag"]) == ("Пётр Первый", '"1"')
    done = "SELECT count(*) FROM audit_events WHERE client_id = $1 AND verb = 'profile-saved'"
    assert await product.value(done, UUID(client_id)) == 1
