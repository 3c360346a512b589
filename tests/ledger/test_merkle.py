"""The vectors of the certificate-transparency implementations (merkle_tree_test.cc)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
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
PATHS = {  # (leaf, size) as numbered from 0
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
CONTINUATIONS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def build(leaves: list[bytes]) -> tuple[dict[tuple[int, int], bytes], list[bytes]]:
    """All nodes, and the root after each leaf."""
    nodes, roots, tops = {}, [], []
    for size, leaf in enumerate(leaves):
        tops, made = merkle.grow(size, tops, merkle.leaf_hash(leaf))
        nodes.update(made)
        assert [nodes[position] for position in merkle.frontier(size + 1)] == tops
        roots.append(merkle.fold(tops))
    return nodes, roots


NODES, BUILT = build(LEAVES)


def test_the_roots_are_those_of_certificate_transparency():
    assert [root.hex() for root in BUILT] == ROOTS
    assert merkle.fold([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("case", PATHS)
def test_inclusion_proofs_are_those_of_certificate_transparency(case: tuple[int, int]):
    proof = merkle.inclusion_proof(*case, NODES.__getitem__)
    assert [step.hex() for step in proof] == PATHS[case]


@pytest.mark.parametrize("case", CONTINUATIONS)
def test_consistency_proofs_are_those_of_certificate_transparency(case: tuple[int, int]):
    proof = merkle.consistency_proof(*case, NODES.__getitem__)
    assert [step.hex() for step in proof] == CONTINUATIONS[case]


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_every_proof_verifies_and_fails_when_anything_in_it_is_changed(case: tuple[int, int]):
    first, size = case
    leaves = [str(number).encode() for number in range(size)]
    nodes, roots = build(leaves)
    leaf, index = merkle.leaf_hash(leaves[first - 1]), first - 1
    path = merkle.inclusion_proof(index, size, nodes.__getitem__)
    assert merkle.verify_inclusion(leaf, index, size, path, roots[-1])
    assert not merkle.verify_inclusion(b"\0" * 32, index, size, path, roots[-1])
    assert not merkle.verify_inclusion(leaf, index, size, [*path, leaf], roots[-1])
    assert not merkle.verify_inclusion(leaf, size, size, path, roots[-1])
    assert not (path and merkle.verify_inclusion(leaf, index, size, path[:-1], roots[-1]))
    more = merkle.consistency_proof(first, size, nodes.__getitem__)
    old, new = roots[first - 1], roots[-1]
    assert merkle.verify_consistency(first, size, more, old, new)
    assert not merkle.verify_consistency(first, size, more, b"\0" * 32, new)
    assert not merkle.verify_consistency(first, size, more, old, b"\0" * 32)
    assert not merkle.verify_consistency(first, size, [*more, old], old, new)
    assert not (more and merkle.verify_consistency(first, size, more[:-1], old, new))


def test_a_leaf_or_a_tree_that_is_not_there_has_no_proof():
    with pytest.raises(ValueError, match="no leaf 8"):
        merkle.inclusion_proof(8, 8, NODES.__getitem__)
    for first, second in ((0, 8), (8, 7)):
        with pytest.raises(ValueError, match="cannot continue"):
            merkle.consistency_proof(first, second, NODES.__getitem__)
    assert not merkle.verify_consistency(0, 8, [], b"", BUILT[-1])
