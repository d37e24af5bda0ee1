"""Stored values open only with the right key for the right purpose, and keys can be changed without a stop."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.crypto import CannotDecrypt, Keyring, NamedSecrets

OLD, NEW = b"o" * 32, b"n" * 32
RING = Keyring({"a": OLD}, "a")
ROTATED = Keyring({"b": NEW, "a": OLD}, "b")
PURPOSES = st.text(max_size=40)


def b64(key: bytes) -> str:
    return b64encode(key).decode()


@given(PURPOSES, st.binary(max_size=2000))
def test_what_was_encrypted_comes_back(purpose: str, plaintext: bytes) -> None:
    assert RING.decrypt(purpose, RING.encrypt(purpose, plaintext)) == plaintext


@given(st.binary(max_size=200), st.data())
def test_one_flipped_bit_anywhere_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    token = bytearray(RING.encrypt("p", plaintext))
    token[data.draw(st.integers(0, len(token) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotDecrypt):
        RING.decrypt("p", bytes(token))


@given(st.data())
def test_a_cut_envelope_is_noticed(data: st.DataObject) -> None:
    token = RING.encrypt("p", b"value")
    with pytest.raises(CannotDecrypt):
        RING.decrypt("p", token[: data.draw(st.integers(0, len(token) - 1))])


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_no_envelope(noise: bytes) -> None:
    with pytest.raises(CannotDecrypt):
        RING.decrypt("p", noise)


@given(PURPOSES, PURPOSES)
def test_a_value_of_one_column_cannot_be_moved_to_another(one: str, other: str) -> None:
    token = RING.encrypt(one, b"value")
    if one != other:
        with pytest.raises(CannotDecrypt):
            RING.decrypt(other, token)


def test_the_same_value_is_never_stored_the_same_way_twice() -> None:
    assert RING.encrypt("p", b"value") != RING.encrypt("p", b"value")


def test_the_plaintext_is_nowhere_in_the_envelope() -> None:
    assert b"4508 123456" not in RING.encrypt("p", b"4508 123456")


def test_the_envelope_is_version_key_id_nonce_ciphertext() -> None:
    token = RING.encrypt("p", b"value", random=lambda n: b"N" * n)
    assert token[:15] == b"\x01\x01a" + b"N" * 12
    assert len(token) == 15 + len(b"value") + 16


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    assert ROTATED.decrypt("p", RING.encrypt("p", b"value")) == b"value"
    fresh = ROTATED.encrypt("p", b"value")
    assert Keyring({"b": NEW}, "b").decrypt("p", fresh) == b"value"
    with pytest.raises(CannotDecrypt, match="'b'"):
        RING.decrypt("p", fresh)


def test_a_key_of_the_same_name_but_other_bytes_opens_nothing() -> None:
    with pytest.raises(CannotDecrypt):
        Keyring({"a": NEW}, "a").decrypt("p", RING.encrypt("p", b"value"))


def test_rows_indexed_by_the_old_key_are_found_during_a_rotation() -> None:
    stored = RING.blind_index("passport", "4508123456")
    assert stored in ROTATED.blind_indexes("passport", "4508123456")
    assert ROTATED.blind_indexes("passport", "4508123456")[0] == ROTATED.blind_index("passport", "4508123456")
    assert stored != ROTATED.blind_index("passport", "4508123456")
    assert RING.blind_indexes("passport", "4508123456") == [stored]


def test_a_blind_index_depends_on_value_and_purpose() -> None:
    index = RING.blind_index("passport", "4508123456")
    assert index == RING.blind_index("passport", "4508123456")
    assert index != RING.blind_index("passport", "4508123457")
    assert index != RING.blind_index("phone", "4508123456")


def test_no_two_uses_share_a_key() -> None:
    keys = [RING.subkey("otp"), RING.subkey("temporal"), ROTATED.subkey("otp"), OLD]
    assert len(set(keys)) == len(keys)
    assert ROTATED.subkey("otp", "a") == RING.subkey("otp")
    assert all(len(key) == 32 for key in keys)


def test_the_first_key_of_the_setting_is_current() -> None:
    ring = Keyring.parse(f" 2026-11:{b64(NEW)} , a:{b64(OLD)},")
    assert ring.current == "2026-11"
    assert ring.keys == {"2026-11": NEW, "a": OLD}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        b64(OLD),
        f":{b64(OLD)}",
        "a:",
        "a:geheimes-Wort",
        f"a:{b64(b'geheimes')}",
        f"a:{b64(OLD)},a:{b64(NEW)}",
        f"ключ:{b64(OLD)}",
        f"{'k' * 33}:{b64(OLD)}",
    ],
)
def test_a_bad_setting_is_refused_without_showing_the_key(text: str) -> None:
    with pytest.raises(ValueError, match="DATA_KEYS") as refused:
        Keyring.parse(text)
    assert "geheimes" not in str(refused.value)
    assert b64(OLD)[:20] not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "current"), [({"a": OLD}, "b"), ({}, "a"), ({"a": b"short"}, "a"), ({"a b": OLD}, "a b")]
)
def test_a_ring_without_a_usable_current_key_cannot_be_made(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ValueError, match="DATA_KEYS"):
        Keyring(keys, current)


def test_keys_do_not_show_in_logs() -> None:
    RING.encrypt("p", b"value")
    assert "oooo" not in repr(RING)
    assert "geheim" not in repr(NamedSecrets.parse("geheim"))


@pytest.mark.parametrize(
    ("text", "keys", "current"),
    [
        ("geheim", {"1": b"geheim"}, "1"),
        ("2:neu,1:alt", {"2": b"neu", "1": b"alt"}, "2"),
        ("2:neu, alt", {"2": b"neu", "1": b"alt"}, "2"),
        ("2:mit:doppelpunkt", {"2": b"mit:doppelpunkt"}, "2"),
    ],
)
def test_signature_secrets_have_names(text: str, keys: dict[str, bytes], current: str) -> None:
    secrets = NamedSecrets.parse(text)
    assert secrets.keys == keys
    assert secrets.current == current
    assert secrets.current_key == keys[current]


@pytest.mark.parametrize("text", ["", "a:", ":geheim", "eins,geheim", "1:eins,1:geheim"])
def test_bad_signature_secrets_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValueError, match="CONTRACT_SIGNATURE_SECRET") as refused:
        NamedSecrets.parse(text)
    assert "geheim" not in str(refused.value)
