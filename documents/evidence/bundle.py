"""A bundle: a ZIP that is written in one way only, with a manifest of all its files.

Entries are stored in the order of their names with a fixed time, so that the whole container follows from the files:
a reader writes it again and compares, and no byte of it is without meaning. Nothing is ever unpacked to a disk.
"""

import hashlib
import json
import os
import re
import stat
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

FORMAT: Final = "privet-evidence-1"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
README: Final = "ПРОЧТИТЕ.txt"

LARGEST: Final = 512 * 1024 * 1024
"""Bytes of a bundle."""

MOST_FILES: Final = 5000
_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}(/[A-Za-z0-9][A-Za-z0-9._-]{0,80}){0,2}")
_FILE: Final = (stat.S_IFREG | 0o644) << 16
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)


class BadBundle(ValueError):
    """This is not a bundle as it was written; the text is a Russian sentence for the report."""


def write_bundle(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """The files with their manifest, which says `about` too; raises ValueError for a path that no bundle may have."""
    whole = dict(files)
    whole[MANIFEST] = manifest(files, about)
    whole[SUMS] = sums(whole)
    for path in whole:
        if not _is_allowed(path):
            raise ValueError(f"not a path of a bundle: {path!r}")
    return _container(whole)


def manifest(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    listed = [
        {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for path, data in sorted(files.items())
    ]
    return pretty({**about, "files": listed, "format": FORMAT})


def sums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum -c` reads it."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return "".join(lines).encode()


def pretty(value: Any) -> bytes:
    """JSON that a person reads too, in one form only."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read_pretty(data: bytes) -> Any:
    """Raises BadBundle for JSON in any other form."""
    try:
        value = json.loads(data)
        same = pretty(value) == data
    except (ValueError, RecursionError) as error:
        raise BadBundle("файл с данными не читается") from error
    if not same:
        raise BadBundle("файл с данными записан не так, как его записывает программа")
    return value


def read_bundle(place: Path) -> dict[str, bytes]:
    """The files of a ZIP, or of a folder into which one was unpacked; raises BadBundle for a hostile one."""
    try:
        return _read_folder(place) if place.is_dir() else read_container(_read(place))
    except OSError as error:
        raise BadBundle(f"комплект не открывается: {error.strerror}") from error


def check_manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The manifest, if files and manifest agree in every byte; raises BadBundle."""
    if MANIFEST not in files or SUMS not in files:
        raise BadBundle(f"в комплекте нет файла {MANIFEST if MANIFEST not in files else SUMS}")
    about = read_pretty(files[MANIFEST])
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise BadBundle("опись неизвестного вида")
    others = {path: data for path, data in files.items() if path not in (MANIFEST, SUMS)}
    listed = about.get("files")
    known = {one.get("path"): one for one in listed if isinstance(one, dict)} if isinstance(listed, list) else {}
    if missing := sorted(str(path) for path in set(known) - set(others)):
        raise BadBundle(f"нет файла из описи: {missing[0]}")
    if added := sorted(set(others) - set(known)):
        raise BadBundle(f"файла нет в описи: {added[0]}")
    for path, data in sorted(others.items()):
        if known[path].get("sha256") != hashlib.sha256(data).hexdigest():
            raise BadBundle(f"файл изменён: {path}")
    said = {key: value for key, value in about.items() if key not in ("files", "format")}
    if manifest(others, said) != files[MANIFEST]:
        raise BadBundle("опись изменена")
    if sums({path: data for path, data in files.items() if path != SUMS}) != files[SUMS]:
        raise BadBundle(f"файл изменён: {SUMS}")
    return about


def read_container(data: bytes) -> dict[str, bytes]:
    """The files of a ZIP; raises BadBundle unless it is, byte for byte, as `write_bundle` writes it.

    Only stored entries are read, so the files are never larger than the container.
    """
    if len(data) > LARGEST:
        raise BadBundle("файл больше, чем бывает комплект")
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            entries = container.infolist()
            if len(entries) > MOST_FILES:
                raise BadBundle("файлов больше, чем бывает в комплекте")
            for one in entries:
                _check_entry(one)
            if sum(one.file_size for one in entries) > len(data):
                raise BadBundle("содержимое больше самого файла")
            files = {one.filename: container.read(one) for one in entries}
    except BadBundle:
        raise
    except (zipfile.BadZipFile, ValueError, LookupError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise BadBundle("это не ZIP или он повреждён") from error
    if len(files) != len(entries) or _container(files) != data:
        raise BadBundle("ZIP записан не так, как его записывает программа")
    return files


def _check_entry(one: zipfile.ZipInfo) -> None:
    if not _is_allowed(one.filename):
        raise BadBundle("недопустимое имя файла в комплекте")
    if one.compress_type != zipfile.ZIP_STORED or one.compress_size != one.file_size or one.flag_bits & 1:
        raise BadBundle("файл в комплекте сжат или зашифрован")
    if one.external_attr != _FILE:
        raise BadBundle("в комплекте не только обычные файлы")


def _container(files: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as container:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _FIXED_TIME)
            entry.create_system, entry.external_attr = 3, _FILE
            container.writestr(entry, files[path])
    return buffer.getvalue()


def _is_allowed(path: str) -> bool:
    return path == README or _PATH.fullmatch(path) is not None


def _read(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(LARGEST + 1)


def _read_folder(place: Path) -> dict[str, bytes]:
    """Regular files only: neither links nor pipes are opened."""
    files: dict[str, bytes] = {}
    left, folders, opened = LARGEST, [place], 0
    while folders:
        opened += 1
        if opened > MOST_FILES:
            raise BadBundle("папка больше, чем бывает комплект")
        with os.scandir(folders.pop()) as found:
            for one in found:
                if one.is_symlink():
                    raise BadBundle("в папке есть ссылка, а не файл")
                if one.is_dir(follow_symlinks=False):
                    folders.append(Path(one.path))
                    continue
                path = Path(one.path).relative_to(place).as_posix()
                if not one.is_file(follow_symlinks=False) or not _is_allowed(path):
                    raise BadBundle("в папке не только файлы комплекта")
                left -= one.stat(follow_symlinks=False).st_size
                if left < 0 or len(files) >= MOST_FILES:
                    raise BadBundle("папка больше, чем бывает комплект")
                files[path] = _read(Path(one.path))
    return files
