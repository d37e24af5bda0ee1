"""Generates the secrets of `make up` and of test stacks, and keeps them in a file."""

import base64
import json
import os
import secrets
from pathlib import Path

KEY_ID = "k1"

OF_DATABASE = ("POSTGRES_PASSWORD", "PRIVET_APP_DB_PASSWORD")
"""Passwords of the owner and of the application's role; children get addresses with them."""


def generate() -> dict[str, str]:
    """A new value for each secret variable."""
    return {
        "JWT_SECRET": secrets.token_urlsafe(48),
        "MANAGER_JWT_SECRET": secrets.token_urlsafe(48),
        "CONTRACT_SIGNATURE_SECRET": f"{KEY_ID}:{secrets.token_urlsafe(48)}",
        "DATA_KEYS": f"{KEY_ID}:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "S3_ACCESS_KEY": secrets.token_hex(10),
        "S3_SECRET_KEY": secrets.token_hex(20),
        "MASTER_BOT_SECRET": secrets.token_urlsafe(32),
        "SEAL_PASSPHRASE": secrets.token_urlsafe(24),
        "POSTGRES_PASSWORD": secrets.token_hex(20),
        "PRIVET_APP_DB_PASSWORD": secrets.token_hex(20),
    }


def load_or_generate(file: Path) -> dict[str, str]:
    """The secrets of the file; missing ones are generated and added. Only the owner can read the file."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    complete = {**generate(), **known}
    if complete != known:
        write_private(file, json.dumps(complete, indent=2).encode())
    return complete


def write_private(file: Path, content: bytes) -> None:
    """Write atomically, with mode 600."""
    partial = file.with_suffix(".part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    partial.replace(file)
