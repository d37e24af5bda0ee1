"""The commands for operators, as processes of their own over a real database and store."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.stack import Stack
from gateways.storage.client import Storage
from models import Client
from models.evidence.anchor import AnchorRow
from models.kernel.database import Sessions
from tests.factories import make_client

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def environment(stack: Stack, database_url: str) -> dict[str, str]:
    values = {**stack.environment(), "DATABASE_URL": database_url, "TSA_URL": "http://127.0.0.1:9/tsa"}
    store = stack.store
    storage = Storage(store.endpoint, store.access_key, store.secret_key, values["S3_BUCKET"], store.region)
    await storage.ensure_bucket()
    storage.close()
    return values


async def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "worker.evidence", *arguments],
        cwd=ROOT,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_an_anchor_is_made_at_once_though_the_authority_is_away(
    environment: dict[str, str], sessions: Sessions, storage: Storage
) -> None:
    said = await run(environment, "anchor")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Служба времени не ответила" in said.stdout
    assert "без метки времени; отличий от предыдущего якоря: 0" in said.stdout
    async with sessions() as session:
        row = await AnchorRow.newest(session)
    assert row is not None
    assert row.leaves == 0


async def test_an_anchor_from_a_mail_is_compared(
    environment: dict[str, str], sessions: Sessions, tmp_path: Path
) -> None:
    assert (await run(environment, "anchor")).returncode == 0
    async with sessions() as session:
        row = await AnchorRow.newest(session)
    assert row is not None
    (tmp_path / "anchor.json").write_bytes(row.anchor().text())
    said = await run(environment, "compare", str(tmp_path / "anchor.json"))
    assert said.returncode == 0, said.stdout + said.stderr
    (tmp_path / "anchor.json").write_bytes(row.anchor().text().replace(b'"leaves":0', b'"leaves":1'))
    assert (await run(environment, "compare", str(tmp_path / "anchor.json"))).returncode == 1
    (tmp_path / "anchor.json").write_bytes(b"{}")
    said = await run(environment, "compare", str(tmp_path / "anchor.json"))
    assert said.returncode == 1
    assert "is no anchor" in said.stderr


async def test_what_cannot_be_exported_is_said(environment: dict[str, str], sessions: Sessions, tmp_path: Path) -> None:
    client: Client = await make_client(sessions)
    for asked, why in (("nobody", "neither a client nor a contract"), (str(client.id), "Nothing is signed")):
        said = await run(environment, "export", asked, "--out", str(tmp_path / "bundle.zip"))
        assert said.returncode == 1
        assert why in said.stderr
    assert not (tmp_path / "bundle.zip").exists()


async def test_what_is_no_bundle_is_not_verified(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(b"PK")
    for arguments in ([str(tmp_path / "bundle.zip")], [str(tmp_path / "none.zip")]):
        said = await run({}, "verify", *arguments)
        assert said.returncode == 1
        assert "НЕ ПОДТВЕРЖДЕНО" in said.stdout
    said = await run({}, "verify", str(tmp_path / "bundle.zip"), "--seal", str(tmp_path / "bundle.zip"))
    assert said.returncode == 1
    assert "certificates (PEM)" in said.stderr
