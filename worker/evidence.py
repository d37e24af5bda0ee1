"""`python -m worker.evidence export|verify|anchor|compare`: evidence of signatures, for an expert and for operators."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import wiring
from activities.clients.step import ClientSteps
from activities.evidence.anchor import AnchorActivities
from activities.evidence.check import CheckActivities
from activities.evidence.export import Export, NothingToExport
from activities.evidence.note import NoteActivities
from activities.evidence.opened import Trusted
from activities.evidence.stamp import StampActivities
from activities.evidence.tokens import certificates_of
from activities.evidence.verification import verify
from documents.evidence.bundle import BadBundle, read_bundle
from domain.kernel.clock import utc_now
from gateways.http_outcome import open_client
from gateways.outcome import NotDone, Rejected, Unknown
from models.kernel.database import connect, make_sessions
from settings import Settings, load
from worker.seal import write_new


class Refused(Exception):
    """The command did nothing; the text is the reason."""


@dataclass(frozen=True)
class Commands:
    """What needs the database and the store, but no workflow."""

    export: Export
    anchors: AnchorActivities
    checks: CheckActivities
    stamps: StampActivities
    notes: NoteActivities


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Commands]:
    keyring, storage = wiring.keyring(settings), wiring.storage(settings)
    engine = connect(settings.database_url.get_secret_value(), 2, "privet-evidence")
    sessions, zone = make_sessions(engine), settings.zone
    try:
        async with open_client() as http:
            stamping = wiring.stamping(settings, http)
            yield Commands(
                Export(ClientSteps(sessions, keyring, zone, utc_now), storage, wiring.authorities(settings)),
                AnchorActivities(sessions, storage, zone, utc_now, stamps=stamping is not None),
                CheckActivities(sessions, storage, utc_now),
                StampActivities(sessions, storage, stamping, utc_now),
                NoteActivities(sessions, keyring, zone, utc_now),
            )
    finally:
        storage.close()
        await engine.dispose()


async def export(asked: str, out: str | None) -> tuple[bool, str]:
    """Write the bundle into a new file and check it, as its reader will."""
    async with opened(load()) as commands:
        try:
            bundle = await commands.export.export(asked, uuid4())
        except NothingToExport as nothing:
            raise Refused(str(nothing)) from None
    file = Path(out or f"evidence-{uuid4().hex[:8]}.zip")
    try:
        write_new(file, bundle)
    except FileExistsError:
        raise Refused(f"{file} exists; choose another name.") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    holds, report = await check(str(file), Trusted())
    return holds, f"{report}\nКомплект записан: {file} (содержит персональные данные, права 600)\n"


async def check(bundle: str, trusted: Trusted) -> tuple[bool, str]:
    try:
        report = await verify(await asyncio.to_thread(read_bundle, Path(bundle)), trusted)
    except BadBundle as bad:
        return False, f"✗ Комплект: {bad}\n\nНЕ ПОДТВЕРЖДЕНО.\n"
    return report.holds, report.text()


async def anchor() -> tuple[bool, str]:
    """Another anchor of today, with all that its workflow does; a stamp that does not come now comes by the sweep."""
    async with opened(load()) as commands:
        made = await commands.anchors.make_now()
        seq = await commands.anchors.make_anchor(made)
        findings = await commands.checks.check_anchor(seq)
        try:
            stamped = await commands.stamps.stamp_anchor(seq)
        except (NotDone, Unknown, Rejected) as away:
            stamped = False
            print(f"Служба времени не ответила ({away}); метка будет поставлена позже.")
        await commands.notes.note_owners(seq)
    stamp = "метка времени получена" if stamped else "без метки времени"
    return findings == 0, f"Якорь {made.name}: {stamp}; отличий от предыдущего якоря: {findings}\n"


async def compare(file: str) -> tuple[bool, str]:
    """Compare all trails with an anchor that was kept elsewhere."""
    try:
        text = await asyncio.to_thread(Path(file).read_bytes)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from None
    async with opened(load()) as commands:
        try:
            clients, found = await commands.checks.compare_with(text)
        except ValueError:
            raise Refused(f"{file} is no anchor.") from None
    lines = [f"✗ {one.client_id}: {one.finding} (было событий {one.expected}, стало {one.found})" for one in found]
    return not found, "\n".join([*lines, f"Сравнено историй: {clients}, отличий: {len(found)}", ""])


def trusted_of(seal: str | None, authority: str | None) -> Trusted:
    """Certificates that the reader trusts, from PEM files."""
    try:
        return Trusted(*(certificates_of(Path(file).read_bytes()) if file else () for file in (seal, authority)))
    except OSError as error:
        raise Refused(f"{error.filename} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Refused("--seal and --tsa name files with certificates (PEM).") from None


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m worker.evidence", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    exporting = verbs.add_parser("export", help="a bundle for an expert; it is noted in the client's trail")
    exporting.add_argument("client", help="id of a client, or number of a contract")
    exporting.add_argument("--out", help="a new file; without it, a name is made")
    verifying = verbs.add_parser("verify", help="check a bundle (ZIP or folder) offline; 0 if it holds, else 1")
    verifying.add_argument("bundle")
    verifying.add_argument("--seal", help="PEM: believe these certificates of seals instead of the bundle's")
    verifying.add_argument("--tsa", help="PEM: believe these authorities instead of the bundle's")
    verbs.add_parser("anchor", help="make an anchor of all trails now")
    comparing = verbs.add_parser("compare", help="compare all trails with an anchor from a mail (anchor.json)")
    comparing.add_argument("file")
    return top


async def execute(options: argparse.Namespace) -> tuple[bool, str]:
    match options.verb:
        case "export":
            return await export(options.client, options.out)
        case "verify":
            return await check(options.bundle, trusted_of(options.seal, options.tsa))
        case "anchor":
            return await anchor()
        case _:
            return await compare(options.file)


def main(arguments: Sequence[str] | None = None) -> None:
    try:
        holds, said = asyncio.run(execute(parser().parse_args(arguments)))
    except Refused as refused:
        sys.exit(f"privet: {refused}")
    print(said, end="")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
