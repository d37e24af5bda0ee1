"""`make up` has a mail server of its own: on a free port unless one is named, and never beside a real one."""

from dataclasses import replace
from pathlib import Path

import pytest

from embedded import credentials
from embedded.config import BadSetting, UpConfig
from embedded.environment import children_environment
from embedded.servers.sandbox import MAIL_FROM
from embedded.servers.selection import select_servers
from embedded.up import with_mail
from settings import Settings
from supervisor.ports import Reservation

REAL = {"SMTP_URL": "smtps://privet:S3cr3t-of-mail@mail.example.ru", "MAIL_FROM": "hello@example.ru"}


def environment(config: UpConfig, given: dict[str, str]) -> dict[str, str]:
    secrets = credentials.generate()
    return children_environment(config, select_servers(config, secrets), secrets, Path("seal.p12"), given)


def test_two_at_once_have_ports_of_their_own_and_hand_them_on() -> None:
    with Reservation() as ports:
        first, second = (with_mail(UpConfig.read({}), ports) for _ in range(2))
        assert first.smtp_port != second.smtp_port
        handed = environment(first, {})
        assert handed["SMTP_URL"] == f"smtp://sandbox:SANDBOX-mail-password@127.0.0.1:{first.smtp_port}"
        assert handed["MAIL_FROM"] == MAIL_FROM
        sandbox = select_servers(first, credentials.generate()).sandbox
        assert sandbox is not None
        assert sandbox.command().env["SANDBOX_SMTP_PORT"] == str(first.smtp_port)
    Settings(_env_file=None, **{name.lower(): value for name, value in handed.items()})  # type: ignore[arg-type]


def test_a_port_that_is_named_is_taken_and_checked() -> None:
    with Reservation() as ports:
        config = with_mail(UpConfig.read({"SANDBOX_SMTP_PORT": "2525"}), ports)
    assert config.smtp_port == config.needed_ports()["SANDBOX_SMTP_PORT"] == 2525
    with pytest.raises(BadSetting, match="SANDBOX_SMTP_PORT"):
        UpConfig.read({"SANDBOX_SMTP_PORT": "mail"})


def test_a_real_mail_server_is_used_with_its_own_sender() -> None:
    with Reservation() as ports:
        handed = environment(with_mail(UpConfig.read(REAL), ports), REAL)
    assert not {"SMTP_URL", "MAIL_FROM"} & set(handed)


def test_without_a_sandbox_there_is_no_mail_of_its_own() -> None:
    real = {"TELEGRAM_API_BASE": "https://api.telegram.org", "AVITO_API_BASE": "https://api.avito.ru"}
    with Reservation() as ports:
        config = with_mail(UpConfig.read(real), ports)
    assert config.smtp_port is None
    assert "SMTP_URL" not in environment(replace(config, smtp_port=None), real)
