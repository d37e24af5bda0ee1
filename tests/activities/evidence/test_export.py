"""A signed client is exported; an expert checks him without our database: by `verify`, OpenSSL and pyHanko."""

import asyncio
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from activities.evidence.export import Export, NothingToExport
from activities.evidence.verification import verify
from documents.evidence.bundle import README, read_bundle
from models import Client
from tests.activities.evidence.conftest import EvidenceSetup, exported
from tests.onboarding_setup import CODE


async def test_the_bundle_of_a_signed_client_is_verified_offline(signed: Client, export: Export) -> None:
    files = await exported(export, signed.id)
    report = await verify(files)
    assert report.holds, report.text()
    for said in ("contract.pdf — тот файл", "запечатан и не изменён, метка времени", "вошла в корень"):
        assert said in report.text()
    assert "ещё не заверено" not in report.text()


async def test_a_contract_is_exported_by_its_number(evidence: EvidenceSetup, signed: Client, export: Export) -> None:
    number = (await evidence.onboarding.contract(signed)).number
    files = await exported(export, number)
    assert json.loads(files["manifest.json"])["contracts"][0]["number"] == number
    assert (await verify(files)).holds


async def test_the_reading_is_in_the_clients_trail(evidence: EvidenceSetup, signed: Client, export: Export) -> None:
    files = await exported(export, signed.id)
    events = await evidence.onboarding.events(signed)
    assert events[-1].verb == "evidence-exported"
    assert events[-1].details == {"numbers": [(await evidence.onboarding.contract(signed)).number]}
    assert files["trail/events.jsonl"].splitlines()[-1].find(b"evidence-exported") > 0


@pytest.mark.parametrize("asked", ["00000000-0000-4000-8000-00000000dead", "ЯЯ-000000-01", "", "%"])
async def test_nothing_is_exported_of_nobody(evidence: EvidenceSetup, export: Export, asked: str) -> None:
    with pytest.raises(NothingToExport):
        await export.export(asked, uuid4())


async def test_who_has_not_signed_is_not_exported_and_not_noted(evidence: EvidenceSetup, export: Export) -> None:
    client = await evidence.onboarding.offered()
    before = await evidence.onboarding.verbs(client)
    with pytest.raises(NothingToExport, match="Nothing is signed"):
        await export.export(str(client.id), uuid4())
    assert await evidence.onboarding.verbs(client) == before


async def test_the_code_stands_nowhere_in_the_bundle(signed: Client, export: Export) -> None:
    files = await exported(export, signed.id)
    for name, data in files.items():
        assert not re.search(rb"(?<![0-9a-f])" + CODE.encode() + rb"(?![0-9a-f])", data), name


async def test_what_the_guide_says_is_done_word_for_word_without_our_software(
    signed: Client, export: Export, tmp_path: Path
) -> None:
    """Every command of ПРОЧТИТЕ.txt, in an empty folder."""
    bundle = await export.export(str(signed.id), uuid4())
    zipfile.ZipFile(BytesIO(bundle)).extractall(tmp_path)
    commands = commands_of((tmp_path / README).read_text())
    assert sorted({one.split()[0] for one in commands}) == ["openssl", "pyhanko", "sha256sum"]
    for command in commands:
        said = await run(command, tmp_path)
        assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"
        if command.startswith("openssl ts -verify"):
            assert "Verification: OK" in said.stdout + said.stderr
        if command.startswith("pyhanko"):
            assert "The signature is judged VALID" in said.stdout, said.stdout
    digest = hashlib.sha256((tmp_path / "contract-1/contract.pdf").read_bytes()).hexdigest()
    assert f"Должно получиться: {digest}" in (tmp_path / README).read_text()


async def test_verify_needs_neither_database_nor_settings_nor_network(
    signed: Client, export: Export, tmp_path: Path
) -> None:
    bundle = await export.export(str(signed.id), uuid4())
    (tmp_path / "bundle.zip").write_bytes(bundle)
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", ALONE, str(root), "verify", "bundle.zip"]
    said = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, env={}, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "ПОДТВЕРЖДЕНО" in said.stdout
    (tmp_path / "bundle.zip").write_bytes(bundle[:-1] + bytes([bundle[-1] ^ 1]))
    said = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, env={}, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert said.returncode == 1
    assert "НЕ ПОДТВЕРЖДЕНО" in said.stdout


async def test_an_unpacked_bundle_is_verified_too(signed: Client, export: Export, tmp_path: Path) -> None:
    zipfile.ZipFile(BytesIO(await export.export(str(signed.id), uuid4()))).extractall(tmp_path / "b")
    assert (await verify(read_bundle(tmp_path / "b"))).holds


ALONE = """
import runpy, socket, sys

def refuse(*_):
    raise AssertionError("a call to the network")

socket.socket.connect = socket.getaddrinfo = refuse
sys.path.insert(0, sys.argv.pop(1))
sys.stdout.reconfigure(encoding="utf-8")
sys.argv[0] = "worker.evidence"
runpy.run_module("worker.evidence", run_name="__main__")
"""


def commands_of(text: str) -> list[str]:
    lines = [
        line.strip().removeprefix("Показать время и службу: ").removeprefix("Показать отпечаток первого: ")
        for line in text.splitlines()
    ]
    return [line for line in lines if line.startswith(("sha256sum", "openssl", "pyhanko sign"))]


async def run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    words = command.split()
    if words[0] == "pyhanko":
        words[0] = str(Path(sys.executable).with_name("pyhanko"))
    return await asyncio.to_thread(subprocess.run, words, cwd=folder, capture_output=True, text=True, check=False)
