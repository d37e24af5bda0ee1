"""The installation finds a usable Python, completes an interrupted one and is skipped when up to date."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROKEN = "#!/bin/sh\necho 'pyenv: version not found' >&2\nexit 127\n"
TOO_OLD = f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.exit(1)'\n"


def clone(folder: Path) -> Path:
    """A clone with empty lock files, so that an installation needs no network."""
    (folder / "embedded").mkdir()
    (folder / "requirements").mkdir()
    for name in ("install.sh", "install.py"):
        shutil.copy(ROOT / "embedded" / name, folder / "embedded")
    for name in ("dev", "embedded", "runtime"):
        (folder / "requirements" / f"{name}.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone installed by the one usable Python after broken and old ones."""
    checkout = clone(tmp_path_factory.mktemp("clone"))
    folder = programs(checkout)
    program(folder, "python3", BROKEN)
    program(folder, "python3.13", TOO_OLD)
    real(folder, "python3.12")
    done = install(checkout, "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "installing" in done.stdout
    return checkout


def programs(checkout: Path) -> Path:
    """A PATH with shell tools and no Python."""
    folder = checkout / "programs"
    folder.mkdir()
    for name in ("sh", "dirname", "cat"):
        (folder / name).symlink_to(shutil.which(name) or name)
    return folder


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def install(checkout: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "embedded/install.sh", name],
        cwd=checkout,
        env={"PATH": str(checkout / "programs"), "HOME": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )


def real(folder: Path, name: str) -> None:
    program(folder, name, f'#!/bin/sh\nexec {getattr(sys, "_base_executable", sys.executable)} "$@"\n')


def test_without_any_python_a_message_says_what_to_install(tmp_path: Path) -> None:
    programs(clone(tmp_path))
    done = install(tmp_path, "embedded")
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


@pytest.mark.parametrize("name", ["dev", "embedded"])
def test_the_second_time_nothing_is_installed(installed: Path, name: str) -> None:
    done = install(installed, name)
    assert (done.returncode, done.stdout) == (0, ""), "dev contains embedded"


def test_a_changed_lock_is_installed_once(installed: Path) -> None:
    (installed / "requirements/embedded.txt").write_text("# another\n")
    assert "installing" in install(installed, "embedded").stdout
    assert install(installed, "embedded").stdout == ""


def test_an_incompletely_installed_package_is_installed_again(installed: Path) -> None:
    half = next((installed / ".venv/lib").glob("python3*/site-packages")) / "half-1.0.dist-info"
    half.mkdir()
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: half\nVersion: 1.0\n")
    (installed / ".venv/.installed-dev").unlink()
    assert install(installed, "dev").returncode == 0
    assert not half.exists()


def test_a_failed_installation_is_repeated(installed: Path) -> None:
    (installed / "requirements/embedded.txt").write_text("none @ file:///nowhere/none-1-py3-none-any.whl\n")
    assert install(installed, "embedded").returncode != 0
    assert install(installed, "embedded").returncode != 0
