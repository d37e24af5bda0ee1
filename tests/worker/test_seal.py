"""The command that makes the key of the seal: a whole new file or none, and words instead of a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from documents.contracts.seal import Seal
from worker.seal import main

PASSPHRASE = "correct-horse-42"
WORDS = {"SEAL_PASSPHRASE": PASSPHRASE}
LONG = "Общество с ограниченной ответственностью «Первая домашняя компания по обслуживанию техники»"


@pytest.mark.parametrize("name", ["ООО «Ромашка»", LONG])
def test_a_key_is_a_whole_file_that_its_owner_alone_reads(tmp_path: Path, name: str) -> None:
    file = tmp_path / "seal.p12"
    main(["make", "--name", name, "--out", str(file)], WORDS)
    assert file.stat().st_mode & 0o777 == 0o600
    assert Seal(file.read_bytes(), PASSPHRASE)
    assert [one.name for one in tmp_path.iterdir()] == ["seal.p12"]


@pytest.mark.parametrize(
    ("name", "passphrase", "said"),
    [
        ("", PASSPHRASE, "name"),
        ("А\x00Б", PASSPHRASE, "name"),
        ("Я" * 501, PASSPHRASE, "500"),
        ("ООО", "x", "SEAL_PASSPHRASE"),
        ("ООО", "changeme-changeme", "SEAL_PASSPHRASE"),
    ],
)
def test_what_makes_no_key_leaves_no_file(tmp_path: Path, name: str, passphrase: str, said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        main(["make", "--name", name, "--out", str(tmp_path / "seal.p12")], {"SEAL_PASSPHRASE": passphrase})
    assert list(tmp_path.iterdir()) == []


def test_a_key_in_use_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "seal.p12"
    file.write_bytes(b"in use")
    with pytest.raises(SystemExit, match="exists"):
        main(["make", "--name", "ООО", "--out", str(file)], WORDS)
    assert file.read_bytes() == b"in use"
    assert [one.name for one in tmp_path.iterdir()] == ["seal.p12"]


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for out in (tmp_path / "absent" / "seal.p12", tmp_path / "file" / "seal.p12"):
        with pytest.raises(SystemExit, match="cannot be written"):
            main(["make", "--name", "ООО", "--out", str(out)], WORDS)


def test_the_certificate_of_a_replaced_key_keeps_its_seals_genuine(tmp_path: Path) -> None:
    old, new, earlier = (tmp_path / name for name in ("old.p12", "new.p12", "earlier.pem"))
    for file in (old, new):
        main(["make", "--name", LONG, "--out", str(file)], WORDS)
    main(["certificate", "--key", str(old), "--out", str(earlier)], WORDS)
    assert b"PRIVATE" not in earlier.read_bytes()
    assert Seal(new.read_bytes(), PASSPHRASE, [earlier.read_bytes()])
    for key, passphrase in ((old, "wrong-wrong-wrong"), (earlier, PASSPHRASE), (tmp_path / "absent", PASSPHRASE)):
        with pytest.raises(SystemExit, match="privet: "):
            main(["certificate", "--key", str(key)], {"SEAL_PASSPHRASE": passphrase})


def test_to_standard_output_goes_the_whole_key_or_nothing() -> None:
    def run(name: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "worker.seal", "make"]
        return subprocess.run(command, env={"NAME": name, **WORDS}, capture_output=True, check=False, timeout=60)

    assert Seal(run(LONG).stdout, PASSPHRASE)
    refused = run("")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"Traceback" not in refused.stderr
