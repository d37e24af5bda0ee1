"""The managers' app is built when it is missing or outdated; a failed build leaves the previous one."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from embedded.web.app import WebApp
from embedded.web.node import Node, NodeFailed

NPM = Path(__file__).with_name("fake_npm.py")


class Checkout:
    """The folder web/ of a clone, and the lines printed by its builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed: list[str] = []
        self.app = WebApp(folder, Node((sys.executable, str(NPM)), {}))
        (folder / "src").mkdir()
        (folder / "src/main.tsx").write_text("1")
        (folder / "index.html").write_text("<html>")
        (folder / "package-lock.json").write_text("{}")
        self.plan("1")

    def plan(self, number: str) -> None:
        """Set the files of the next build."""
        page = f'<script src="/assets/main-{number}.js">'
        files = {"index.html": page, f"assets/main-{number}.js": number, "assets/same.css": "same"}
        (self.folder / ".plan.json").write_text(json.dumps(files))

    def edit(self, number: str) -> None:
        (self.folder / "src/main.tsx").write_text(number)
        self.plan(number)

    def build(self) -> bool:
        return self.app.build(self.printed.append)

    @property
    def calls(self) -> list[str]:
        return (self.folder / ".calls").read_text().splitlines()

    @property
    def page(self) -> str:
        return (self.app.dist / "index.html").read_text()

    def served(self) -> set[str]:
        files = (path for path in self.app.dist.rglob("*") if path.is_file())
        return {path.relative_to(self.app.dist).as_posix() for path in files} - {".built"}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_new_clone_is_built_once(checkout: Checkout) -> None:
    assert not checkout.served()
    assert checkout.build()
    assert "main-1.js" in checkout.page
    assert not checkout.build()
    assert [call.split()[0] for call in checkout.calls] == ["ci", "run"]
    assert checkout.printed[-1].startswith("web app built in ")


def test_a_changed_source_is_built_without_another_installation(checkout: Checkout) -> None:
    checkout.build()
    checkout.edit("2")
    assert checkout.build()
    assert "main-2.js" in checkout.page
    assert [call.split()[0] for call in checkout.calls] == ["ci", "run", "run"]


def test_times_of_files_are_ignored(checkout: Checkout) -> None:
    checkout.build()
    os.utime(checkout.folder / "src/main.tsx", (2e9, 2e9))
    os.utime(checkout.app.dist / "index.html", (1, 1))
    assert not checkout.build()


@pytest.mark.parametrize("change", ["src/other.tsx", "public/robots.txt", "vite.config.ts", "package.json"])
def test_a_changed_source_makes_the_build_outdated(checkout: Checkout, change: str) -> None:
    checkout.build()
    (checkout.folder / change).parent.mkdir(exist_ok=True)
    (checkout.folder / change).write_text("new")
    assert not checkout.app.is_current()


@pytest.mark.parametrize("change", ["src/rules.test.ts", "node_modules/some/index.js", ".prettierrc.json"])
def test_other_changed_files_leave_the_build_current(checkout: Checkout, change: str) -> None:
    checkout.build()
    (checkout.folder / change).parent.mkdir(exist_ok=True)
    (checkout.folder / change).write_text("new")
    assert checkout.app.is_current()


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.build()
    (checkout.folder / "package-lock.json").write_text('{"other": 1}')
    checkout.build()
    assert [call.split()[0] for call in checkout.calls] == ["ci", "run", "ci", "run"]


def test_development_packages_are_installed_on_demand_only(checkout: Checkout) -> None:
    checkout.build()
    checkout.app.install(checkout.printed.append)
    checkout.app.install(checkout.printed.append)
    checkout.edit("2")
    checkout.build()
    installed = [call.split()[1] for call in checkout.calls if call.startswith("ci")]
    assert installed == ["--omit=dev", "--include=dev"], "with the tools the app can be built too"


def test_a_failed_build_leaves_the_previous_one(checkout: Checkout) -> None:
    checkout.build()
    checkout.edit("2")
    (checkout.folder / ".plan.json").unlink()
    with pytest.raises(NodeFailed, match="npm run failed with code 1"):
        checkout.build()
    assert "main-1.js" in checkout.page
    assert checkout.served() == {"index.html", "assets/main-1.js", "assets/same.css"}
    checkout.plan("2")
    assert checkout.build()
    assert "main-2.js" in checkout.page


def test_a_failed_installation_leaves_the_previous_build_and_is_repeated(checkout: Checkout) -> None:
    checkout.build()
    checkout.edit("2")
    (checkout.folder / "package-lock.json").write_text('{"other": 1}')
    (checkout.folder / ".no-network").touch()
    with pytest.raises(NodeFailed, match="npm ci failed"):
        checkout.build()
    assert "main-1.js" in checkout.page
    (checkout.folder / ".no-network").unlink()
    assert checkout.build()


def test_files_of_the_previous_build_stay_for_open_tabs(checkout: Checkout) -> None:
    checkout.build()
    checkout.edit("2")
    checkout.build()
    assert {"assets/main-1.js", "assets/main-2.js"} <= checkout.served()
    checkout.edit("3")
    checkout.build()
    assert checkout.served() == {"index.html", "assets/main-2.js", "assets/main-3.js", "assets/same.css"}


def test_a_missing_file_is_built_again(checkout: Checkout) -> None:
    checkout.build()
    (checkout.app.dist / "assets/main-1.js").unlink()
    assert checkout.build()
    assert "assets/main-1.js" in checkout.served()


def test_two_builds_at_once_build_once(checkout: Checkout) -> None:
    with ThreadPoolExecutor(2) as both:
        built = sorted(both.map(lambda _: checkout.build(), range(2)))
    assert built == [False, True]
    assert len(checkout.calls) == 2


def test_scripts_find_the_installed_node(tmp_path: Path) -> None:
    node = Node.installed({"PATH": "/nowhere", "HOME": str(tmp_path)})
    which = subprocess.run(
        ["/bin/sh", "-c", "command -v node && node --version"],
        check=True,
        env=dict(node.environment),
        capture_output=True,
        text=True,
    )
    assert which.stdout.startswith(f"{node.npm[0]}\nv2"), which.stderr


def test_npm_keeps_its_cache_in_data_dir_without_a_home(tmp_path: Path) -> None:
    homeless = Node.installed({"HOME": "/nonexistent", "DATA_DIR": str(tmp_path)})
    assert homeless.environment["npm_config_cache"] == str(tmp_path / "npm")
    assert "npm_config_cache" not in Node.installed({"HOME": str(tmp_path)}).environment
    told = {"HOME": "/nonexistent", "npm_config_cache": "/elsewhere"}
    assert "npm_config_cache" not in Node.installed(told).environment, "a given cache is kept"
