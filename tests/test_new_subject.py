"""The worked example of docs/map.md: a new subject in a copy of the product, driven through all its rooms."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from embedded.seal import make_seal
from embedded.stack import Stack
from tests.temporal import namespace_of_tests
from tests.test_architecture import ROOMS, ROOT, lint, linted

MAP = (ROOT / "docs" / "map.md").read_text()
FILE = re.compile(r"^`([a-z_/]+\.py)`\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^`([a-z_/]+\.py)`\n\n```diff\n\+([^\n]+)\n\+([^\n]+)\n```", re.MULTILINE)
NAMESPACE = "new-subject-tests"

WRITE_TWICE = """
import asyncio, json

from httpx import ASGITransport, AsyncClient
from sqlmodel import select

from api.app import create_app
from domain.kernel.clock import utc_now
from models.reminders.reminder import Reminder
from settings import load
from tests.factories import make_manager, session_of
from worker.parts import open_parts
from worker.queues import core_worker
from worker.subjects import SUBJECTS, activities_on
from workflows.kernel.names import CORE_QUEUE


async def main():
    settings = load()
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        open_parts(settings, utc_now) as parts,
        core_worker(parts.temporal, activities_on(CORE_QUEUE, parts)),
    ):
        async with parts.sessions.begin() as session:
            await (await session.connection()).run_sync(Reminder.__table__.create)
        manager = await make_manager(parts.sessions)
        token = app.state.context.manager_tokens.issue(manager.id, session_of(manager))
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
        async with AsyncClient(transport=ASGITransport(app), base_url="http://api", headers=headers) as http:
            answers = [await http.post("/api/reminders", json={"text": " Позвонить "}) for _ in range(2)]
            refused = await http.post("/api/reminders", json={"text": "Другое"})
        async with parts.sessions() as session:
            texts = (await session.exec(select(Reminder.text))).all()
        upkeep = [subject for subject in SUBJECTS if subject.upkeep and Reminder in subject.upkeep.GROWS]
    print(json.dumps({
        "answers": [[answer.status_code, answer.json()["id"]] for answer in answers],
        "refused": refused.json()["code"],
        "texts": texts,
        "upkeep": len(upkeep),
    }))


asyncio.run(main())
"""


def copy_with_example(folder: Path) -> None:
    """The product with the files of the example and its two entries."""
    for package in linted():
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("settings.py", "seal_settings.py", "wiring.py", "logs.py"):
        shutil.copy(ROOT / name, folder)
    for name, code in FILE.findall(MAP):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).parent.joinpath("__init__.py").touch()
        (folder / name).write_text(code)
    for name, imported, entry in ENTRY.findall(MAP):
        text = (folder / name).read_text()
        first_entry = re.search(r"^    [a-z]+\.(?:SUBJECT|ROUTES),\n", text, re.MULTILINE)
        last_import = list(re.finditer(r"^from [a-z.]+ import [^(\n]+\n", text, re.MULTILINE))[-1]
        assert first_entry is not None
        text = text[: first_entry.start()] + f"{entry}\n" + text[first_entry.start() :]
        (folder / name).write_text(text[: last_import.end()] + f"{imported}\n" + text[last_import.end() :])


async def test_a_new_subject_needs_a_folder_per_room_and_an_entry_in_each_of_two_lists(
    tmp_path: Path, stack: Stack, database_template: str
) -> None:
    example = [name for name, _ in FILE.findall(MAP)]
    assert {name.split("/")[0] for name in example} == {*ROOMS, "worker"} - {"gateways"}
    assert [name for name, _, _ in ENTRY.findall(MAP)] == ["worker/subjects/__init__.py", "api/routes.py"]
    copy_with_example(tmp_path)
    checked = lint(tmp_path)
    assert checked.returncode == 0, checked.stdout

    passphrase, database = stack.secrets["SEAL_PASSPHRASE"], f"subject_{uuid4().hex}"
    stack.create_database(database, database_template)
    environment = {
        **stack.environment(),
        "DATABASE_URL": stack.postgres.owner_url_of(database),
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "SEAL_PKCS12_PATH": str(make_seal(stack.folder, passphrase)),
        "SEAL_PASSPHRASE": passphrase,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
    }
    await namespace_of_tests(environment["TEMPORAL_ADDRESS"], NAMESPACE)
    command = [sys.executable, "-c", WRITE_TWICE]
    ended = subprocess.run(  # noqa: ASYNC221 - nothing else runs here
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    [first, again] = told["answers"]
    assert first == again
    assert (first[0], told["refused"], told["texts"], told["upkeep"]) == (201, "idempotency-mismatch", ["Позвонить"], 1)
