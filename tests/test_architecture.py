"""The structure of the code: direction of imports, pure rules, SQL in models, imports without effects."""

import ast
import configparser
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = ROOT / ".importlinter"
LINT = Path(sysconfig.get_path("scripts")) / "lint-imports"
APART = {"alembic", "tests"}
"""Folders of code that nothing may import; measurements and stand-ins are entry points too, and not linted."""

ENTRIES = {"bench", "sandbox"}
ROOMS = ("activities", "api", "domain", "gateways", "models", "workflows")
MOST_FILES = 15
"""Of its own in a folder of a room."""

PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in APART)
PRODUCT = [*sorted(ROOT.glob("*.py")), *(file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py")))]

CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep", "asyncio.sleep"),
}
CHANCE = {"uuid1", "uuid4", "uuid.uuid1", "uuid.uuid4", "os.urandom"}
CHANCE_MODULES = {"random", "secrets"}
PLACES = {"os.environ", "os.getenv", "open", "Path.cwd", "Path.home"}

ALLOWED = {
    # The one clock: handed over as a value.
    ("domain/kernel/clock.py", "datetime.now"),
    # A default argument: tests hand over another.
    ("domain/kernel/crypto.py", "os.urandom"),
}

SQL = {"text", "select", "insert", "update", "delete", "func"}
SQL_HOMES = {"models", "alembic"}

IMPORT_ALONE = """
import sys, threading
from importlib import import_module

did = []

def watch(event, args):
    # Not socket.bind: urllib3 tries in this way whether there is IPv6.
    if event in ("socket.connect", "subprocess.Popen", "os.system", "os.mkdir", "os.remove", "os.rename"):
        did.append((event, str(args[:2])))
    if event == "open" and isinstance(args[1], str) and any(letter in args[1] for letter in "wax+"):
        did.append((event, str(args[:2])))

sys.path.insert(0, sys.argv[1])
sys.addaudithook(watch)
for name in sys.argv[2:]:
    import_module(name)
assert not did, did
assert threading.active_count() == 1, threading.enumerate()
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT), "--config", str(CONTRACTS), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def name_of(file: Path) -> str:
    """`domain/contracts/code.py`."""
    return file.relative_to(ROOT).as_posix()


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.expr) -> str:
    """`os.environ`, or nothing for what is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def impurities(tree: ast.Module) -> Iterator[str]:
    """Clocks, chance and surroundings that a pure module would read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and (names := CHANCE_MODULES & {alias.name for alias in node.names}):
            yield from names
        elif isinstance(node, ast.ImportFrom) and node.module in CHANCE_MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)) in CLOCKS | CHANCE | PLACES:
            yield name


def queries(tree: ast.Module) -> Iterator[str]:
    """Names that build SQL, imported from the libraries that do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlalchemy", "sqlmodel"):
            yield from SQL & {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql":
            yield node.attr
        elif isinstance(node, ast.Attribute) and dotted(node) in {
            f"{library}.{name}" for library in ("sqlalchemy", "sa", "sqlmodel") for name in SQL
        }:
            yield dotted(node)


def test_imports_go_one_way() -> None:
    outcome = lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_imports_against_the_direction_are_found(tmp_path: Path) -> None:
    against = [
        ("domain", "models"),
        ("domain", "sqlalchemy"),
        ("domain", "temporalio"),
        ("domain.billing", "domain.onboarding"),
        ("documents", "gateways"),
        ("models", "gateways"),
        ("models.channels", "models.conversations"),
        ("gateways", "settings"),
        ("gateways.avito", "gateways.telegram"),
        ("activities", "workflows"),
        ("activities.contracts", "activities.onboarding"),
        ("activities.kernel", "models.clients"),
        ("activities.conversations.core", "activities.conversations.avito_side"),
        ("workflows", "documents"),
        ("workflows.onboarding", "workflows.conversations"),
        ("worker", "api"),
        ("api", "minio"),
        ("supervisor", "domain"),
    ]
    for package in linted():
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for importer, imported in against:
        (tmp_path / module_name(importer, imported).replace(".", "/")).with_suffix(".py").write_text(
            f"import {imported}\n"
        )
    outcome = lint(tmp_path)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    found = " ".join(outcome.stdout.split())
    for importer, imported in against:
        assert f"{module_name(importer, imported)} -> {imported}" in found


def module_name(importer: str, imported: str) -> str:
    return f"{importer}.imports_{imported.replace('.', '_')}"


def linted() -> list[str]:
    config = configparser.ConfigParser()
    config.read(CONTRACTS)
    return config["importlinter"]["root_packages"].split()


def test_no_package_stands_outside_the_contracts() -> None:
    assert set(linted()) == set(PACKAGES) - ENTRIES


def test_every_folder_with_code_is_a_package() -> None:
    """Import-linter does not see a folder without `__init__.py`."""
    folders = {file.parent for file in PRODUCT if file.parent != ROOT}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_folder_of_a_room_is_crowded(room: str) -> None:
    folders = [ROOT / room, *(folder for folder in (ROOT / room).rglob("*") if folder.is_dir())]
    files = {name_of(folder): sum(1 for file in folder.glob("*.py")) for folder in folders}
    assert {name: count for name, count in files.items() if count > MOST_FILES} == {}


def test_no_kernel_imports_a_subject() -> None:
    """Also a subject that no contract names yet."""
    kernels = [file for file in PRODUCT if file.relative_to(ROOT).parts[1:2] == ("kernel",)]
    found = {(name_of(file), module) for file in kernels for module in subjects_in(ast.parse(file.read_text()))}
    assert kernels
    assert found == set()


def test_a_kernel_that_imports_a_subject_is_found() -> None:
    assert list(subjects_in(ast.parse("from models import Client\nimport domain.billing.invoice"))) == [
        "models",
        "domain.billing.invoice",
    ]


def subjects_in(tree: ast.Module) -> Iterator[str]:
    """Modules of the rooms outside of their kernels."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            room, _, rest = name.partition(".")
            if room in ROOMS and rest.split(".")[0] != "kernel":
                yield name


@pytest.mark.parametrize("package", ["domain", "workflows"])
def test_rules_and_workflows_ask_neither_clock_nor_chance_nor_surroundings(package: str) -> None:
    found = {
        (name_of(file), impurity)
        for file in sorted((ROOT / package).rglob("*.py"))
        for impurity in impurities(ast.parse(file.read_text()))
    }
    assert found == {(file, name) for file, name in ALLOWED if file.startswith(package)}


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nat = datetime.now()",
        "import time\ntime.time()",
        "import os\nos.environ['A']",
        "import random",
        "from random import choice",
        "import secrets",
        "from uuid import uuid4\nuuid4()",
        "open('a')",
    ],
)
def test_an_impurity_is_found(code: str) -> None:
    assert list(impurities(ast.parse(code)))


def test_queries_stand_in_the_models() -> None:
    found = {
        name_of(file)
        for file in PRODUCT
        if file.relative_to(ROOT).parts[0] not in SQL_HOMES and list(queries(ast.parse(file.read_text())))
    }
    assert found == set()


@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy import text",
        "from sqlmodel import col, select",
        "from sqlalchemy.dialects.postgresql import insert",
        "import sqlalchemy as sa\nsa.text('SELECT 1')",
        "connection.exec_driver_sql('SELECT 1')",
    ],
)
def test_a_query_is_found(code: str) -> None:
    assert list(queries(ast.parse(code)))


def test_every_module_says_what_it_is_for() -> None:
    assert [name_of(file) for file in PRODUCT if not ast.get_docstring(ast.parse(file.read_text()))] == []


def import_alone(folder: Path, *modules: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """In a process of their own, in an empty folder, with no environment."""
    command = [sys.executable, "-B", "-c", IMPORT_ALONE, str(root), *modules]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=120, check=False)


def test_importing_does_nothing_and_needs_no_environment(tmp_path: Path) -> None:
    outcome = import_alone(tmp_path, *(module_of(file) for file in PRODUCT))
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.environ['DATABASE_URL']",
        "import socket; socket.socket().connect(('127.0.0.1', 1))",
        "import subprocess; subprocess.run(['true'])",
        "open('log.txt', 'w')",
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
)
def test_an_import_that_does_something_is_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "busy.py").write_text(code)
    assert import_alone(tmp_path, "busy", root=tmp_path).returncode != 0
