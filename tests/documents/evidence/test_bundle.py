"""A bundle is written in one way; hostile containers and folders are refused before anything is unpacked."""

import os
import stat
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from documents.evidence.bundle import (
    LARGEST,
    MANIFEST,
    README,
    SUMS,
    BadBundle,
    check_manifest,
    read_bundle,
    read_container,
    write_bundle,
)

FILES = {"contract-1/contract.pdf": b"%PDF", README: "Прочтите".encode()}


def container(*entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED, mode: int = stat.S_IFREG | 0o644) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as written:
        for path, data in entries:
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr, entry.compress_type = 3, mode << 16, method
            written.writestr(entry, data)
    return buffer.getvalue()


def test_the_same_files_give_the_same_bytes() -> None:
    bundle = write_bundle(FILES, {"client_id": "1"})
    assert write_bundle(dict(reversed(FILES.items())), {"client_id": "1"}) == bundle
    files = read_container(bundle)
    assert set(files) == {*FILES, MANIFEST, SUMS}
    assert check_manifest(files)["client_id"] == "1"


@pytest.mark.parametrize(
    "path",
    [
        *("../evil", "/etc/passwd", "a/../../evil", "a//b", "a/./b", "..", ".hidden", "C:\\evil", "a\\b", "", "a/"),
        *("a/b/c/d", "name\n", "имя.txt", "a" * 200, "\x00"),
    ],
)
def test_no_path_leads_out(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        write_bundle({path: b""}, {})
    if path and "\x00" not in path:
        with pytest.raises(BadBundle):
            read_container(container((path, b"x")))


def test_a_bomb_is_refused_unread() -> None:
    with pytest.raises(BadBundle, match="сжат"):
        read_container(container(("a", b"\0" * 50_000_000), method=zipfile.ZIP_DEFLATED))


def test_entries_that_share_their_bytes_are_refused() -> None:
    """The size that the directory tells is not the size that is there."""
    once = container(("a", b"x" * 1000))
    directory = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    entry = once[directory:end]
    again = once[:end] + entry.replace(b"\x01\x00a", b"\x01\x00a") * 9 + once[end:]
    with pytest.raises(BadBundle):
        read_container(again)


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755, stat.S_IFREG | 0o777, stat.S_IFIFO | 0o644]
)
def test_a_link_or_a_folder_as_an_entry_is_refused(mode: int) -> None:
    with pytest.raises(BadBundle, match="обычные файлы"):
        read_container(container(("a", b"/etc/passwd"), mode=mode))


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = container(("a", b"1"), ("a", b"2"))
    with pytest.raises(BadBundle):
        read_container(twice)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", b"\x1f\x8b" + bytes(100)])
def test_what_is_no_container_is_refused(data: bytes) -> None:
    try:
        files = read_container(data)
    except BadBundle:
        return
    with pytest.raises(BadBundle):
        check_manifest(files)


def test_a_container_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "large.zip").open("wb") as file:
        file.truncate(LARGEST + 10)
    with pytest.raises(BadBundle, match="больше"):
        read_bundle(tmp_path / "large.zip")


def unpacked(folder: Path) -> Path:
    zipfile.ZipFile(BytesIO(write_bundle(FILES, {}))).extractall(folder)
    return folder


def test_a_folder_is_read_as_its_container(tmp_path: Path) -> None:
    assert read_bundle(unpacked(tmp_path)) == read_container(write_bundle(FILES, {}))


def test_a_folder_with_a_link_is_refused(tmp_path: Path) -> None:
    (unpacked(tmp_path) / "contract-1" / "more.txt").symlink_to("/etc/passwd")
    with pytest.raises(BadBundle, match="ссылка"):
        read_bundle(tmp_path)


def test_a_folder_with_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (unpacked(tmp_path) / "round").symlink_to(tmp_path)
    with pytest.raises(BadBundle, match="ссылка"):
        read_bundle(tmp_path)


@pytest.mark.timeout(10)
def test_a_folder_with_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(unpacked(tmp_path) / "pipe")
    with pytest.raises(BadBundle, match="не только файлы"):
        read_bundle(tmp_path)


def test_nothing_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="не открывается"):
        read_bundle(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.pop(README), "нет файла из описи"),
        (lambda files: files.update({"more": b""}), "нет в описи"),
        (lambda files: files.update({README: b""}), "изменён"),
        (lambda files: files.update({SUMS: files[SUMS] + b"\n"}), "изменён"),
        (lambda files: files.update({MANIFEST: files[MANIFEST].replace(b"1", b"2", 1)}), "изменён"),
        (lambda files: files.update({MANIFEST: files[MANIFEST] + b"\n"}), "записан не так"),
        (lambda files: files.update({MANIFEST: b"[]\n"}), "неизвестного вида"),
        (lambda files: files.pop(MANIFEST), "нет файла manifest"),
        (lambda files: files.pop(SUMS), "нет файла SHA256SUMS"),
    ],
)
def test_files_and_manifest_must_agree(change: Callable[[dict[str, bytes]], object], said: str) -> None:
    files = read_container(write_bundle(FILES, {"client_id": "1"}))
    change(files)
    with pytest.raises(BadBundle, match=said):
        check_manifest(files)
