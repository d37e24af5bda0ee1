"""The tree is the one of RFC 6962 and its proofs prove nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.merkle import EMPTY, Tree, is_included, leaf_hash, node_hash, proof_of, root_of

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The vectors of Certificate Transparency's own implementation, for the first 1 to 8 leaves."""

PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""By index and size, of the same source."""

leaves = st.lists(st.binary(max_size=12), min_size=1, max_size=70)
different_leaves = st.lists(st.binary(max_size=12), min_size=1, max_size=70, unique=True)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = proof_of(LEAVES[:size], index, size)
    assert [one.hex() for one in proof] == PATHS[index, size]
    assert is_included(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


def recursive(values: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not values:
        return hashlib.sha256(b"").digest()
    if len(values) == 1:
        return leaf_hash(values[0])
    split = 1
    while split * 2 < len(values):
        split *= 2
    return node_hash(recursive(values[:split]), recursive(values[split:]))


@given(leaves)
def test_the_streamed_root_is_the_defined_one(values: list[bytes]) -> None:
    assert root_of(values) == recursive(values)


@given(leaves, st.data())
def test_every_leaf_has_a_proof(values: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(values) - 1))
    proof = proof_of(iter(values), index, len(values))
    assert is_included(values[index], index, len(values), proof, root_of(values))


@given(different_leaves, st.data())
def test_a_proof_proves_no_other_leaf_place_or_size(values: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(values) - 1))
    proof, root, size = proof_of(values, index, len(values)), root_of(values), len(values)
    assert not is_included(values[index] + b"x", index, size, proof, root)
    assert not is_included(values[index], index, size, [*proof, EMPTY], root)
    assert not is_included(values[index], size, size, proof, root)
    assert not is_included(values[index], -1, size, proof, root)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        swapped = [*proof[:place], leaf_hash(proof[place]), *proof[place + 1 :]]
        assert not is_included(values[index], index, size, swapped, root)
        assert not is_included(values[index], index, size, proof[:-1], root)
        assert not is_included(values[index], index ^ 1, size, proof, root)


def test_a_node_cannot_pose_as_a_leaf() -> None:
    """Without the two prefixes, the pair of two hashes would be a leaf of a tree that is one level lower."""
    tree = Tree()
    for leaf in LEAVES[:4]:
        tree.add(leaf)
    pair = leaf_hash(LEAVES[0]) + leaf_hash(LEAVES[1])
    upper = proof_of(LEAVES[:4], 0, 4)[1:]
    assert not is_included(pair, 0, 2, upper, tree.root())


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        proof_of(LEAVES[:size], index, size)


@pytest.mark.parametrize("announced", [2, 4])
def test_leaves_that_were_announced_otherwise_have_no_proof(announced: int) -> None:
    with pytest.raises(ValueError, match="announced"):
        proof_of(LEAVES[:3], 0, announced)
