"""Secrets of `make up` are made once and belong to their owner alone."""

import base64
import json
import stat
from pathlib import Path

from embedded import made


def test_secrets_are_made_once(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    assert made.kept(file) == made.kept(file)


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    made.kept(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_old_ones_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({"JWT_SECRET": "from before"}))
    secrets = made.kept(file)
    assert secrets["JWT_SECRET"] == "from before"
    assert secrets["MANAGER_JWT_SECRET"] == json.loads(file.read_text())["MANAGER_JWT_SECRET"]


def test_two_folders_share_no_secret() -> None:
    assert not set(made.fresh().values()) & set(made.fresh().values())


def test_keys_have_a_name_so_that_they_can_be_rotated() -> None:
    secrets = made.fresh()
    key_id, key = secrets["DATA_KEYS"].split(":")
    assert key_id
    assert len(base64.b64decode(key)) == 32
    assert secrets["CONTRACT_SIGNATURE_SECRET"].startswith(f"{key_id}:")
