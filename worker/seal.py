"""`python -m worker.seal make|certificate`: the key that seals certificates; asks for SEAL_PASSPHRASE if not set."""

import argparse
import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex

from documents.contracts.seal import certificate_of, make_self_signed
from domain.kernel.secrecy import weakness_of_passphrase

HERE = "-"
"""Standard output."""


class Refused(Exception):
    """The command wrote nothing; the text is the reason."""


def make(name: str, passphrase: str, out: str) -> None:
    """A new key with its self-signed certificate, into a new file or to standard output."""
    if weak := weakness_of_passphrase(passphrase):
        raise Refused(f"SEAL_PASSPHRASE: {weak}.")
    try:
        key_store = make_self_signed(name, passphrase)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    _write(key_store, out)


def certificate(key: str, passphrase: str, out: str) -> None:
    """The certificate of a key as PEM: what SEAL_EARLIER_PATH needs of a key that was replaced."""
    try:
        pem = certificate_of(Path(key).read_bytes(), passphrase)
    except OSError as error:
        raise Refused(f"{key} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Refused(f"{key} is no PKCS#12 file that SEAL_PASSPHRASE opens.") from None
    _write(pem, out)


def _write(content: bytes, out: str) -> None:
    if out == HERE:
        if sys.stdout.isatty() and content[:1] != b"-":
            raise Refused("A key is no text: give --out FILE, or redirect the output.")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        write_new(Path(out), content)
    except FileExistsError:
        raise Refused(f"{out} exists; a key that was in use must be kept, choose another name.") from None
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from None


def write_new(file: Path, content: bytes) -> None:
    """Write a whole new file with mode 600, or none: an interruption leaves nothing under its name."""
    partial = file.with_name(f".{file.name}.{token_hex(4)}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        # Unlike a rename, a link replaces nothing.
        os.link(partial, file)
    finally:
        partial.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> None:
    parser = argparse.ArgumentParser(prog="python -m worker.seal", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="a new key with a self-signed certificate, as PKCS#12")
    making.add_argument("--name", default=environment.get("NAME", ""), help="the organisation; or the variable NAME")
    showing = commands.add_parser("certificate", help="the certificate of a key, as PEM")
    showing.add_argument("--key", default=environment.get("SEAL_PKCS12_PATH", ""), help="the PKCS#12 file")
    for command in (making, showing):
        command.add_argument("--out", default=HERE, help="a new file; without it, standard output")
    chosen = parser.parse_args(arguments)
    passphrase = environment.get("SEAL_PASSPHRASE") or getpass.getpass("Passphrase of the key: ")
    try:
        if chosen.command == "make":
            make(chosen.name, passphrase, chosen.out)
        else:
            certificate(chosen.key, passphrase, chosen.out)
    except Refused as refused:
        sys.exit(f"privet: {refused}")


if __name__ == "__main__":
    main()
