"""The seal: whole-file coverage, our key only, and a clean verdict for whatever is uploaded."""

import warnings
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.contracts.certificate import render_certificate
from documents.contracts.seal import Seal, make_self_signed
from documents.contracts.verification import NO_SEAL, SealVerdict
from tests.contract_samples import certificate

WHOLE = SealVerdict(valid=True, covers_whole_file=True, signer="Печать Privet")


@pytest.fixture(scope="module")
def key_store() -> bytes:
    return make_self_signed("Печать Privet", "тайна")


@pytest.fixture(scope="module")
def seal(key_store: bytes) -> Seal:
    return Seal(key_store, "тайна")


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render_certificate(certificate())


@pytest.fixture(scope="module")
def sealed(seal: Seal, plain: bytes) -> bytes:
    return seal.seal(plain)


def test_a_sealed_file_is_valid_as_a_whole(seal: Seal, sealed: bytes, plain: bytes) -> None:
    assert sealed.startswith(plain)
    assert seal.verify(sealed) == WHOLE


def test_the_same_key_loaded_again_knows_its_seal(key_store: bytes, sealed: bytes) -> None:
    assert Seal(key_store, "тайна").verify(sealed) == WHOLE


def test_a_flipped_bit_anywhere_in_the_document_breaks_the_seal(seal: Seal, sealed: bytes, plain: bytes) -> None:
    chance = Random(7)
    for at in (0, 10, len(plain) - 1, *(chance.randrange(len(plain)) for _ in range(60))):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert not seal.verify(changed).valid, at


def test_a_byte_hidden_beside_the_signature_breaks_the_seal(seal: Seal, sealed: bytes) -> None:
    padding = sealed.rindex(b"0000>")
    assert not seal.verify(sealed[:padding] + b"00A0" + sealed[padding + 4 :]).valid


@pytest.mark.parametrize("more", [b"\n", b"\x00", b"%%EOF\n", b"<script>alert(1)</script>", b"PK\x03\x04" * 100])
def test_bytes_after_the_seal_break_it(seal: Seal, sealed: bytes, more: bytes) -> None:
    verdict = seal.verify(sealed + more)
    assert not verdict.valid
    assert not verdict.covers_whole_file


def test_a_cut_file_has_no_valid_seal(seal: Seal, sealed: bytes) -> None:
    for length in (0, 1, 100, len(sealed) // 2, len(sealed) - 1):
        assert not seal.verify(sealed[:length]).valid, length


def test_sealing_twice_or_over_a_strangers_seal_is_not_our_file(seal: Seal, sealed: bytes, plain: bytes) -> None:
    stranger = Seal(make_self_signed("Чужая печать"), "")
    assert seal.verify(stranger.seal(plain)) == SealVerdict(False, True, "Чужая печать")
    assert stranger.verify(sealed) == SealVerdict(False, True, "Печать Privet")


def test_a_stranger_with_our_name_is_a_stranger(seal: Seal, plain: bytes) -> None:
    assert not seal.verify(Seal(make_self_signed("Печать Privet"), "").seal(plain)).valid


def test_a_file_without_a_seal_has_none(seal: Seal, plain: bytes) -> None:
    assert seal.verify(plain) == NO_SEAL


def test_a_replaced_key_still_vouches_for_what_it_sealed(key_store: bytes, sealed: bytes) -> None:
    _, old, _ = pkcs12.load_key_and_certificates(key_store, "тайна".encode())
    assert old is not None
    for encoding in (Encoding.DER, Encoding.PEM):
        assert Seal(make_self_signed("Новая"), "", earlier=[old.public_bytes(encoding)]).verify(sealed) == WHOLE


def test_a_seal_outlives_its_certificate(plain: bytes) -> None:
    expired = Seal(_issued(ends=datetime.now(UTC) - timedelta(days=1)), "")
    assert expired.verify(expired.seal(plain)).valid


def test_a_bought_certificate_is_trusted_as_ours_without_its_chain(plain: bytes) -> None:
    bought = Seal(_issued(ends=datetime.now(UTC) + timedelta(days=30)), "")
    assert bought.verify(bought.seal(plain)) == SealVerdict(True, True, "Bought")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-1.7\n/ByteRange [0 1 2 3]"]))
def test_garbage_has_no_seal(garbage: bytes, head: bytes) -> None:
    assert not Seal(KEY_OF_GARBAGE, "").verify(head + garbage).valid


def test_a_mangled_sealed_file_gets_a_clean_verdict(seal: Seal, sealed: bytes, plain: bytes) -> None:
    chance = Random(11)
    for _ in range(400):
        mangled = bytearray(sealed)
        for _ in range(chance.choice((1, 5, 30))):
            at = chance.randrange(len(plain) - 2000, len(mangled))
            mangled[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        assert isinstance(seal.verify(bytes(mangled)), SealVerdict)


@pytest.mark.parametrize(("data", "passphrase"), [(b"no key store", ""), (b"", ""), (None, "wrong"), (None, "")])
def test_a_wrong_key_store_or_passphrase_stops_the_start(key_store: bytes, data: bytes | None, passphrase: str) -> None:
    with pytest.raises(ValueError, match=r"PKCS#12|certificate"):
        Seal(key_store if data is None else data, passphrase)


KEY_OF_GARBAGE = make_self_signed("Печать")


def _issued(ends: datetime) -> bytes:
    """A key store with a certificate that a made-up authority issued, as one that was bought."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bought")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=60))
        .not_valid_after(ends)
        .sign(authority, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"bought", key, certificate, None, NoEncryption())


LONG = "Общество с ограниченной ответственностью «Первая домашняя компания по обслуживанию техники»"


@pytest.mark.parametrize(
    "name", ["Я", "Я" * 33, "Я" * 64, "A" * 64, 'ООО "Рога, копыта" + <сын>', "Иван, CN=Пётр, O=Чужие"]
)
def test_a_name_of_up_to_64_characters_is_the_common_name(name: str, plain: bytes) -> None:
    certificate = _certificate(make_self_signed(name))
    assert [(one.oid, one.value) for one in certificate.subject] == [(NameOID.COMMON_NAME, name)]
    own = Seal(make_self_signed(name), "")
    assert own.verify(own.seal(plain)) == SealVerdict(True, True, name)


@pytest.mark.parametrize("name", [LONG, "Я" * 65, "Я" * 500])
def test_a_longer_name_is_shortened_there_and_whole_as_organisation(name: str, plain: bytes) -> None:
    key_store = make_self_signed(name, "тайна")
    common, organisation = _certificate(key_store, "тайна").subject
    assert isinstance(common.value, str)
    assert len(common.value) <= 64
    assert common.value.endswith("…")
    assert name.startswith(common.value[:-1])
    assert (organisation.oid, organisation.value) == (NameOID.ORGANIZATION_NAME, name)
    own = Seal(key_store, "тайна")
    assert own.verify(own.seal(plain)).valid


@pytest.mark.parametrize("name", ["", "  ", "\n", "А\x00Б", "А\u202eБ", "Я" * 501])
def test_a_name_that_no_certificate_can_have_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="The name of the seal"):
        make_self_signed(name)


def test_an_empty_file_of_earlier_certificates_has_none(key_store: bytes, sealed: bytes) -> None:
    assert Seal(key_store, "тайна", earlier=[b"", b"\n"]).verify(sealed) == WHOLE
    with pytest.raises(ValueError, match="Insufficient data"):
        Seal(key_store, "тайна", earlier=[b"no certificate"])


def _certificate(key_store: bytes, passphrase: str = "") -> x509.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, certificate, _ = pkcs12.load_key_and_certificates(key_store, passphrase.encode() or None)
        assert certificate is not None
        assert certificate.subject
        return certificate
