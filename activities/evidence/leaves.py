"""The leaves under an anchor as a file: one in a line, in the order of the tree."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from domain.evidence.anchor import LONGEST_LEAF, Leaf
from domain.evidence.merkle import Tree
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage

LARGEST: Final = 8 * 1024**3
"""Bytes; about 70 million clients."""

PAGE: Final = 1000


class LeavesLost(Exception):
    """The stored leaves are missing, or are not those under the anchor's root."""


class LeavesFile:
    """Writes leaves into `file` and hashes them on the way; memory does not grow with their number."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.tree, self._sha256 = file, Tree(), hashlib.sha256()
        self.bytes = 0

    def add(self, leaves: Iterable[Leaf]) -> None:
        for leaf in leaves:
            text = leaf.text()
            self.tree.add(text)
            line = text + b"\n"
            self._sha256.update(line)
            self.bytes += self.file.write(line)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


def read_leaves(file: BinaryIO) -> Iterator[Leaf]:
    """From the file's beginning; raises LeavesLost at a line that is no leaf."""
    file.seek(0)
    while line := file.readline(LONGEST_LEAF):
        try:
            yield Leaf.parse(line.removesuffix(b"\n"))
        except ValueError:
            raise LeavesLost("a line is no leaf") from None


def check_leaves(file: BinaryIO, count: int, root: bytes) -> None:
    """Raises LeavesLost unless these are the leaves under `root`."""
    tree = Tree()
    for leaf in read_leaves(file):
        tree.add(leaf.text())
    if tree.size != count or tree.root() != root:
        raise LeavesLost("other leaves than those under the root")


async def fetch_leaves(storage: Storage, key: str, file: BinaryIO) -> None:
    """The stored leaves into `file`; raises LeavesLost if there are none."""
    try:
        await storage.fetch(key, file, LARGEST)
    except (ObjectMissing, ObjectTooLarge) as error:
        raise LeavesLost(str(error)) from None
