"""Settings: real services by default, nothing that the sandbox knows outside of it, clear words without values."""

from typing import Any

import pytest
from pydantic import ValidationError

from settings import MissingSettings, Settings, load

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFG"
SANDBOX = "http://127.0.0.1:8100"
SANDBOX_TOKEN = "1000000002:SANDBOX-master-bot-token-000000002"
GIVEN = {
    "database_url": "postgresql+asyncpg://privet@127.0.0.1/privet",
    "temporal_address": "127.0.0.1:7233",
    "s3_endpoint": "http://127.0.0.1:9000",
    "s3_access_key": "key",
    "s3_secret_key": f"3{SECRET}",
    "jwt_secret": f"1{SECRET}",
    "manager_jwt_secret": f"2{SECRET}",
    "contract_signature_secret": f"k1:4{SECRET}",
    "data_keys": "k1:RJ6t0c1NslR8uNsd5tVAe6nhpvV3XYzUOTFJtkzUo5A=",
    "seal_pkcs12_path": "seal.p12",
    "seal_passphrase": f"5{SECRET}",
}
ALL_NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ALL_NAMES:
        monkeypatch.delenv(name, raising=False)


def settings(**more: Any) -> Settings:
    return Settings(_env_file=None, **{**GIVEN, **more})


def both(base: str) -> dict[str, str]:
    return {"telegram_api_base": base, "avito_api_base": base}


def test_without_a_word_the_real_services_are_meant() -> None:
    plain = settings()
    assert (plain.telegram_api_base, plain.avito_api_base) == ("https://api.telegram.org", "https://api.avito.ru")
    assert plain.webhook_base_url is None
    assert not plain.plays_outside_world
    assert (plain.auto_reply_delay_seconds, plain.avito_sweep_seconds) == (75, 30)


@pytest.mark.parametrize(
    ("base", "said", "budget"),
    [
        ("https://api.telegram.org", None, 20),
        ("https://api.telegram.org/", None, 20),
        (SANDBOX, None, 0),
        ("https://bots.example.com", None, 0),
        ("https://api.telegram.org", 0, 0),
        (SANDBOX, 30, 30),
    ],
)
def test_telegrams_own_limit_is_kept_with_telegram_unless_somebody_says_otherwise(
    base: str, said: int | None, budget: int
) -> None:
    assert settings(telegram_api_base=base, telegram_group_per_minute=said).group_per_minute == budget


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_GROUP_PER_MINUTE", "WEBHOOK_BASE_URL", "MASTER_BOT_TOKEN"):
        monkeypatch.setenv(name, "")
    plain = settings()
    assert plain.group_per_minute == 20
    assert plain.webhook_base_url is None
    assert plain.master_bot_token is None


def test_addresses_lose_their_last_slash() -> None:
    given = settings(**both(f"{SANDBOX}/"), webhook_base_url="https://privet.example.com/")
    assert given.telegram_api_base == given.avito_api_base == SANDBOX
    assert given.webhook_base_url == "https://privet.example.com"


@pytest.mark.parametrize("name", ["telegram_api_base", "avito_api_base", "webhook_base_url"])
@pytest.mark.parametrize("value", ["api.telegram.org", "ftp://api.telegram.org", "https://", "/path"])
def test_what_is_no_address_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match="must be an address"):
        settings(**{name: value})


@pytest.mark.parametrize(
    "value",
    [
        "http://proxy.example:3128",
        "https://proxy.example",
        "socks5://10.0.0.1:1080",
        "socks5h://user:p%40ss@proxy.example:1080/",
        "socks5://[2001:db8::1]:1080",
    ],
)
def test_a_proxy_for_telegram_is_an_address(value: str) -> None:
    given = settings(telegram_proxy=value).telegram_proxy
    assert given is not None
    assert given.get_secret_value() == value


@pytest.mark.parametrize(
    "value",
    [
        "proxy.example:3128",
        "socks4://user:hidden@proxy.example:1080",
        "ftp://user:hidden@proxy.example",
        "socks5://user:hidden@",
        "socks5://user:hidden@proxy.example:port",
        "socks5://user:hidden@proxy.example:70000",
        "socks5://user:hidden@proxy.example:0",
        "http://user:hidden@proxy.example/path",
        "http://user:hidden@proxy.example ",
    ],
)
def test_what_is_no_proxy_stops_the_start_without_telling_the_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, known in GIVEN.items():
        monkeypatch.setenv(name.upper(), known)
    monkeypatch.setenv("TELEGRAM_PROXY", value)
    with pytest.raises(MissingSettings, match=r"TELEGRAM_PROXY: .*socks5://") as refused:
        load()
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("base", [SANDBOX, "http://localhost:8100", "http://[::1]:8100", "http://192.168.1.5:8100"])
def test_the_sandbox_master_bot_works_with_the_sandbox(base: str) -> None:
    here = settings(**both(base), host="192.168.1.5", master_bot_token=SANDBOX_TOKEN)
    assert here.plays_outside_world


@pytest.mark.parametrize(
    "bases",
    [
        {},
        both("https://127.0.0.1:8100"),
        both("http://sandbox.example.com"),
        {"telegram_api_base": SANDBOX},
        {"avito_api_base": SANDBOX},
    ],
)
@pytest.mark.parametrize(
    ("name", "value"), [("master_bot_token", SANDBOX_TOKEN), ("master_bot_secret", f"sandbox-{SECRET}")]
)
def test_what_the_sandbox_knows_stops_the_start_elsewhere(bases: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name.upper()) as refused:
        settings(**bases, **{name: value})
    assert value not in str(refused.value)


@pytest.mark.parametrize("secret", ["short", f"changeme-{SECRET}"])
def test_a_weak_secret_of_the_master_bot_stops_the_start_outside_the_sandbox(secret: str) -> None:
    with pytest.raises(ValidationError, match="MASTER_BOT_SECRET"):
        settings(master_bot_secret=secret)
    assert settings(**both(SANDBOX), master_bot_secret=secret)


def test_a_real_master_bot_is_taken() -> None:
    real = settings(master_bot_token=f"7000000001:{SECRET}", master_bot_secret=SECRET)
    assert real.master_bot_token is not None
    assert SECRET not in repr(real)


@pytest.mark.parametrize(("name", "value"), [("auto_reply_delay_seconds", 0), ("avito_sweep_seconds", 1)])
def test_delays_have_their_bounds(name: str, value: int) -> None:
    with pytest.raises(ValidationError, match=name):
        settings(**{name: value})


REAL_MAIL = {"smtp_url": "smtps://privet:S3cr3t-of-mail@mail.example.ru", "mail_from": "Привет <hello@example.ru>"}
SANDBOX_MAIL = {
    "smtp_url": "smtp://sandbox:SANDBOX-mail-password@127.0.0.1:2525",
    "mail_from": "hello@sandbox.privet.test",
}


def test_mail_is_off_until_it_is_set() -> None:
    assert settings().smtp_url is None
    assert settings(mail_from="hello@example.ru").smtp_url is None
    assert settings(**REAL_MAIL, mail_reply_to="help@example.ru").smtp_url is not None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_url": "smtp://privet@mail.example.ru", "mail_from": "a@example.ru"}, "SMTP_URL: has a name"),
        (
            {"smtp_url": "https://privet:h1dd3n@mail.example.ru", "mail_from": "a@example.ru"},
            "SMTP_URL: must be smtp://",
        ),
        ({"smtp_url": REAL_MAIL["smtp_url"]}, "MAIL_FROM: needed with SMTP_URL"),
        ({**REAL_MAIL, "mail_from": "Привет"}, "MAIL_FROM: must be an address"),
        ({**REAL_MAIL, "mail_from": "a@example.ru\r\nBcc: b@example.ru"}, "MAIL_FROM: must be an address"),
        ({**REAL_MAIL, "mail_reply_to": "a@b, c@d"}, "MAIL_REPLY_TO: must be an address"),
        (SANDBOX_MAIL, "SMTP_URL: the sandbox's value"),
        ({**SANDBOX_MAIL, "smtp_url": REAL_MAIL["smtp_url"]}, "MAIL_FROM: the sandbox's value"),
        ({**REAL_MAIL, "smtp_url": f"smtp://a:1{SECRET}@mail.example.ru"}, "JWT_SECRET and SMTP_URL must differ"),
    ],
)
def test_mail_that_would_not_go_stops_the_start(
    given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**GIVEN, **given}.items():
        monkeypatch.setenv(name.upper(), value)
    with pytest.raises(MissingSettings) as caught:
        load()
    assert said in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("S3cr3t", "SANDBOX-mail", "h1dd3n", "Bcc"))


def test_the_sandboxs_mail_is_for_the_sandbox() -> None:
    assert settings(**both(SANDBOX), **SANDBOX_MAIL).smtp_url is not None


def test_a_code_goes_into_the_chat_unless_other_channels_are_named() -> None:
    assert settings().code_channels == "support_chat"
    assert settings(code_channels="sms, telegram,support_chat").code_channels == "sms, telegram,support_chat"


@pytest.mark.parametrize("channels", ["pigeon", "sms,sms", "sms,,mail", "telegram"])
def test_wrong_channels_of_codes_stop_the_start_with_clear_words(
    monkeypatch: pytest.MonkeyPatch, channels: str
) -> None:
    for name, value in {**GIVEN, "code_channels": channels}.items():
        monkeypatch.setenv(name.upper(), value)
    with pytest.raises(MissingSettings, match="CODE_CHANNELS: ") as said:
        load()
    assert "pigeon" not in str(said.value)


def test_sms_are_off_until_there_is_a_key() -> None:
    assert settings().sms_api_key is None
    assert settings().sms_api_base == "https://sms.ru"
    assert settings(sms_api_key=f"A1B2-{SECRET}").sms_api_key is not None
    assert settings().signing_needs_confirmed_phone


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sms_api_key": "SANDBOX-sms-api-id-0000-000000000001"}, "SMS_API_KEY: the sandbox's value"),
        ({"sms_api_key": "short"}, "SMS_API_KEY: is shorter"),
        ({"sms_api_key": f"{SECRET}x", "sms_api_base": "http://sms.example.ru"}, "SMS_API_BASE: must be https://"),
        ({"sms_api_key": f"1{SECRET}"}, "JWT_SECRET and SMS_API_KEY must differ"),
        ({"sms_api_base": "sms.ru"}, "SMS_API_BASE: must be an address"),
    ],
)
def test_a_key_of_sms_that_is_no_secret_stops_the_start(
    given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**GIVEN, **given}.items():
        monkeypatch.setenv(name.upper(), value)
    with pytest.raises(MissingSettings) as caught:
        load()
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)
