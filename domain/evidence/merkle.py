"""Merkle trees and inclusion proofs of RFC 6962, section 2.1 (RFC 9162, section 2.1), with SHA-256.

A leaf is hashed after the byte 0x00 and a node after 0x01, so that no node can pose as a leaf; a node without a
neighbour goes up unchanged.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence

LONGEST_PROOF = 64
"""Hashes in a proof: a tree has fewer than 2**64 leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


class Tree:
    """The root over leaves that are added one by one; keeps one hash per level, not the leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        level, joined = 0, leaf_hash(leaf)
        while self._full and self._full[-1][0] == level:
            level, joined = level + 1, node_hash(self._full.pop()[1], joined)
        self._full.append((level, joined))
        self.size += 1

    def root(self) -> bytes:
        if not self._full:
            return EMPTY
        (_, joined), *left = reversed(self._full)
        for _, one in left:
            joined = node_hash(one, joined)
        return joined


def root_of(leaves: Iterable[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def proof_of(leaves: Iterable[bytes], index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` of `size` leaves, from the leaf up; the leaves are read once and not kept.

    Raises ValueError if there is no such leaf, or there are not `size` leaves.
    """
    ranges = list(_beside(index, size))
    trees = [Tree() for _ in ranges]
    # Ranges beside a leaf do not overlap: each other leaf is in exactly one of them.
    owner = sorted((begin, end, place) for place, (begin, end) in enumerate(ranges))
    at = read = 0
    for number, leaf in enumerate(leaves):
        read += 1
        if number == index:
            continue
        while at < len(owner) and number >= owner[at][1]:
            at += 1
        if at < len(owner) and owner[at][0] <= number:
            trees[owner[at][2]].add(leaf)
    if read != size:
        raise ValueError(f"{read} leaves, {size} were announced")
    return [tree.root() for tree in trees]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is number `index` (from 0) of the `size` leaves under `root`.

    The algorithm of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or len(proof) > LONGEST_PROOF or any(len(one) != len(EMPTY) for one in proof):
        return False
    number, last, joined = index, size - 1, leaf_hash(leaf)
    for beside in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            joined = node_hash(beside, joined)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            joined = node_hash(joined, beside)
        number, last = number >> 1, last >> 1
    return last == 0 and hmac.compare_digest(joined, root)


def _beside(index: int, size: int) -> Iterator[tuple[int, int]]:
    """The ranges [begin, end) whose roots are the proof of a leaf, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} of {size}")
    begin, end, found = 0, size, []
    while end - begin > 1:
        # The largest power of two below the number of leaves.
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    yield from reversed(found)
