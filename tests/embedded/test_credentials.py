"""Secrets are generated once, and only their owner can read them."""

import base64
import json
import stat
from pathlib import Path

from embedded import credentials


def test_secrets_are_generated_once(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    assert credentials.load_or_generate(file) == credentials.load_or_generate(file)


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    credentials.load_or_generate(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_missing_secret_is_added_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({"JWT_SECRET": "from before"}))
    secrets = credentials.load_or_generate(file)
    assert secrets["JWT_SECRET"] == "from before"
    assert secrets["MANAGER_JWT_SECRET"] == json.loads(file.read_text())["MANAGER_JWT_SECRET"]


def test_two_folders_share_no_secret() -> None:
    assert not set(credentials.generate().values()) & set(credentials.generate().values())


def test_keys_have_ids_for_their_rotation() -> None:
    secrets = credentials.generate()
    key_id, key = secrets["DATA_KEYS"].split(":")
    assert key_id
    assert len(base64.b64decode(key)) == 32
    assert secrets["CONTRACT_SIGNATURE_SECRET"].startswith(f"{key_id}:")
