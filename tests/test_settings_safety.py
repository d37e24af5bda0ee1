"""What nobody may run in earnest stops the start, with the variable's name and never with its value."""

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel.secrecy import OF_SEAL
from embedded.credentials import generate
from embedded.environment import without_seal
from seal_settings import SealSettings, revocations
from settings import MAKE_UP, Settings
from tests.test_settings import ALL_NAMES, GIVEN, SANDBOX, SECRET, both

STRONG = "QmV6IHNtaXNsYSBuZSBjaGl0YXlldHN5YSA0Mg"
OTHER = "Zm9yZ2V0LW1lLW5vdC1hbmQtcnVuLWF3YXkgOTk"
ROOT = Path(__file__).resolve().parents[1]


def key(data: bytes, name: str = "k1") -> str:
    return f"{name}:{base64.b64encode(data).decode()}"


RANDOM = key(bytes.fromhex("8f1d0c7be2a94453b6f0e17dd2c5a8903e6b7f21c4d8590a1b2c3d4e5f607182"), "k9")


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ALL_NAMES, MAKE_UP):
        monkeypatch.delenv(name, raising=False)


def settings(**more: Any) -> Settings:
    return Settings(_env_file=None, **{**GIVEN, **more})


def of_seal(**more: Any) -> SealSettings:
    return SealSettings(_env_file=None, **{**GIVEN, **more})


def refused(**more: Any) -> str:
    """By the process that reads these settings."""
    sealing = any(name.upper() in OF_SEAL for name in more)
    with pytest.raises(ValidationError) as stopped:
        (of_seal if sealing else settings)(**more)
    text = str(stopped.value)
    secrets = [value for name, value in more.items() if name.endswith(("secret", "_keys", "passphrase", "secret_key"))]
    assert not any(value in text for value in secrets if len(value.strip()) > 10)
    return text


WEAK = ("x", "short", "a" * 48, "ab" * 24, "0123456789" * 5, f"changeme-{SECRET}", f"my-change-me-{SECRET}", " " * 40)


@pytest.mark.parametrize("secret", [*WEAK, f"secret-{SECRET}", f"replace_me_{SECRET}", f"example{SECRET}"])
@pytest.mark.parametrize("name", ["jwt_secret", "manager_jwt_secret", "master_bot_secret"])
def test_a_weak_secret_stops_the_start(name: str, secret: str) -> None:
    assert name.upper() in refused(**{name: secret})


@pytest.mark.parametrize("secret", WEAK)
@pytest.mark.parametrize("form", ["k1:{}", "k2:{},k1:" + STRONG, "{}"])
def test_a_weak_current_secret_of_signatures_stops_the_start(form: str, secret: str) -> None:
    assert "CONTRACT_SIGNATURE_SECRET" in refused(contract_signature_secret=form.format(secret))


def test_an_earlier_secret_of_signatures_may_be_shorter_but_no_letter() -> None:
    assert of_seal(contract_signature_secret=f"k2:{STRONG},k1:Zq8vN3kLw0Rt5YpX")
    for earlier in ("x", "changeme-changeme-1", "aaaaaaaaaaaaaaaaaaaaaaaa"):
        assert "CONTRACT_SIGNATURE_SECRET: entry 2" in refused(contract_signature_secret=f"k2:{STRONG},k1:{earlier}")


@pytest.mark.parametrize(
    "keys",
    [
        key(bytes(32)),
        key(b"\xff" * 32),
        key(bytes(range(32))),
        key(bytes(range(31, -1, -1))),
        key(b"0123456789abcdef" * 2),
        key(b"changemechangemechangemechangeme"),
        key(b"correct horse battery staple 123"),
        key(b"\x01\x02" * 16),
        key(bytes(16)),
        f"{RANDOM},{key(bytes(32))}",
        "k1:not base64 at all",
        "k1:",
        RANDOM.partition(":")[2],
        f"{RANDOM},{RANDOM}",
    ],
)
def test_keys_that_are_not_random_stop_the_start(keys: str) -> None:
    assert "DATA_KEYS" in refused(data_keys=keys)


@pytest.mark.parametrize("passphrase", ["", " ", "x", "changeit", "changemechangeme", "aaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase_of_the_seal_stops_the_start(passphrase: str) -> None:
    assert "SEAL_PASSPHRASE" in refused(seal_passphrase=passphrase)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jwt_secret", "manager_jwt_secret"),
        ("seal_passphrase", "contract_signature_secret"),
        ("manager_jwt_secret", "master_bot_secret"),
        ("seal_passphrase", "s3_secret_key"),
        ("contract_signature_secret", "s3_secret_key"),
    ],
)
def test_one_secret_has_one_purpose(one: str, other: str) -> None:
    named = {name: f"k1:{STRONG}" if name == "contract_signature_secret" else STRONG for name in (one, other)}
    text = refused(**named)
    assert "must differ" in text
    assert one.upper() in text
    assert other.upper() in text


def test_an_earlier_secret_is_no_other_purposes_secret_either() -> None:
    assert "must differ" in refused(contract_signature_secret=f"k2:{OTHER},k1:{STRONG}", s3_secret_key=STRONG)
    url = f"postgresql+asyncpg://privet:{STRONG}@db.example.ru/privet"
    assert "JWT_SECRET and DATABASE_URL must differ" in refused(database_url=url, jwt_secret=STRONG)


@pytest.mark.parametrize(
    "keys",
    [
        {"s3_access_key": "minioadmin", "s3_secret_key": "minioadmin"},
        {"s3_access_key": "minioadmin"},
        {"s3_secret_key": "minioadmin"},
        {"s3_access_key": "rustfsadmin"},
        {"s3_access_key": "AKIAIOSFODNN7EXAMPLE"},
        {"s3_secret_key": "secret"},
        {"s3_secret_key": "short1"},
        {"s3_secret_key": "changeme-0123456789"},
        {"s3_access_key": STRONG, "s3_secret_key": STRONG},
    ],
)
def test_the_default_keys_of_a_store_stop_the_start(keys: dict[str, str]) -> None:
    assert "S3_" in refused(**keys)


@pytest.mark.parametrize("password", ["postgres", "password", "Privet"])
def test_a_database_that_others_reach_has_no_default_password(password: str) -> None:
    assert "DATABASE_URL" in refused(database_url=f"postgresql+asyncpg://privet:{password}@db.example.ru/privet")
    assert settings(database_url=f"postgresql+asyncpg://privet:{password}@127.0.0.1/privet")


@pytest.mark.parametrize(
    "proxies",
    ["*", "127.0.0.1,*", "0.0.0.0/0", "::/0", "0.0.0.0/1,128.0.0.0/1", "2000::/3", "10.0.0.0/4", "proxy", "10.0.0.1/8"],
)
def test_trust_in_everybody_stops_the_start(proxies: str) -> None:
    assert "TRUSTED_PROXIES" in refused(trusted_proxies=proxies)


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "172.31.240.0/24, 10.0.0.0/8", "::1,fd00::/8"])
def test_named_proxies_are_trusted(proxies: str) -> None:
    assert settings(trusted_proxies=proxies).trusted_proxies == proxies


@pytest.mark.parametrize(
    "origins", ["*", "https://a.ru,*", "https://*.example.ru", "null", "example.ru", "https://a.ru/path"]
)
def test_origins_of_everybody_stop_the_start(origins: str) -> None:
    assert "CORS_ALLOW_ORIGINS" in refused(cors_allow_origins=origins)


@pytest.mark.parametrize("origins", ["", "https://a.ru", "https://a.ru:8443, http://localhost, capacitor://localhost"])
def test_named_origins_may_call(origins: str) -> None:
    assert settings(cors_allow_origins=origins).cors_allow_origins == origins


PUBLIC = ("public_web_url", "webhook_base_url", "s3_public_endpoint", "temporal_ui_url")


@pytest.mark.parametrize("address", ["http://privet.example.ru", "http://192.168.1.5:8000", "http://localhost.evil.ru"])
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_address_by_plain_http_stops_the_start_outside_make_up(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = refused(**{name: address})
    assert name.upper() in text
    assert "https://" in text
    monkeypatch.setenv(MAKE_UP, "1")
    assert settings(**{name: address})


@pytest.mark.parametrize(
    "address", ["https://privet.example.ru", "http://127.0.0.1:8000", "http://[::1]:8000", "http://api.test"]
)
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_address_is_https_or_on_this_machine(name: str, address: str) -> None:
    assert getattr(settings(**{name: address}), name) == address


def test_a_store_without_a_public_address_is_public_itself() -> None:
    assert "S3_ENDPOINT (or set S3_PUBLIC_ENDPOINT)" in refused(s3_endpoint="http://store:8333")
    assert settings(s3_endpoint="http://store:8333", s3_public_endpoint="https://files.example.ru")


def test_all_faults_are_told_at_once() -> None:
    text = refused(jwt_secret="x", data_keys=key(bytes(32)), trusted_proxies="*")
    for name in ("JWT_SECRET", "DATA_KEYS", "TRUSTED_PROXIES"):
        assert name in text


def test_what_make_up_makes_is_strong() -> None:
    for _ in range(50):
        made = {name.lower(): value for name, value in generate().items() if name != "POSTGRES_PASSWORD"}
        assert settings(**made, **both(SANDBOX))


SEALING = ["worker", "--queue", "seal"]


@pytest.mark.parametrize(
    "program", [["api"], ["worker"], ["worker", "--queue", "documents"], ["worker.backfill"], SEALING]
)
def test_a_process_stops_with_one_line_per_fault_and_no_value(program: list[str], tmp_path: Path) -> None:
    weak = {"JWT_SECRET": "hunter2-hunter2", "DATA_KEYS": key(bytes(32)), "TRUSTED_PROXIES": "*", "SEAL_PASSPHRASE": ""}
    given = {name.upper(): str(value) for name, value in GIVEN.items()}
    stopped = subprocess.run(
        [sys.executable, "-m", *program],
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given, **weak},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert stopped.returncode == 1, stopped.stderr
    assert "Traceback" not in stopped.stderr
    lines = stopped.stderr.splitlines()
    # A variable that is missing is told before anything is compared.
    for name in ("SEAL_PASSPHRASE",) if program == SEALING else ("JWT_SECRET", "DATA_KEYS", "TRUSTED_PROXIES"):
        assert any(line.strip().startswith(f"{name}:") for line in lines), stopped.stderr
    for value in ("hunter2", "AAAAAAAA"):
        assert value not in stopped.stderr + stopped.stdout


def test_no_process_but_the_sealing_one_reads_what_signs_and_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if their environment has the variables: an operator may give one file to all processes."""
    for name in OF_SEAL:
        monkeypatch.setenv(name, f"k1:{STRONG}")
    plain = settings()
    assert not {name.lower() for name in OF_SEAL} & set(dir(plain))
    assert STRONG not in repr(plain.model_dump())
    assert {name.lower() for name in OF_SEAL} <= set(SealSettings.model_fields)
    for variables in (without_seal(dict.fromkeys(OF_SEAL, "x")), without_seal({})):
        assert {variables[name] for name in OF_SEAL} == {""}


def test_the_sealing_process_needs_no_secret_of_tokens() -> None:
    given: dict[str, Any] = {name: value for name, value in GIVEN.items() if "jwt" not in name}
    assert SealSettings(_env_file=None, **given).jwt_secret.get_secret_value() == ""


def test_revocations_are_read_as_fingerprints_and_moments() -> None:
    one = "AB:" * 31 + "AB"
    found = revocations(f"{one}=2026-11-01T12:00:00+03:00, {'0' * 64}=2026-12-01")
    assert {name: at.isoformat() for name, at in found.items()} == {
        "ab" * 32: "2026-11-01T12:00:00+03:00",
        "0" * 64: "2026-12-01T00:00:00+00:00",
    }
    for wrong in ("ab=2026-11-01", f"{one}", f"{one}=soon", f"{'z' * 64}=2026-11-01"):
        with pytest.raises(ValueError, match=r"."):
            revocations(wrong)
        assert "seal_revoked" in refused(seal_revoked=wrong)
