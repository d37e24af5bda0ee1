"""A letter as bytes: other programs read from its headers what was meant, and only that."""

import email
from email.header import decode_header, make_header

import pytest

from gateways.mail.letter import Mailbox, bytes_of
from tests.gateways.mail.letters import letter


def read(text: str) -> str:
    return str(make_header(decode_header(text.replace("\r\n", ""))))


@pytest.mark.parametrize(
    "name", ["Привет", "Privet, Ltd", "ООО «Привет» Service и очень длинное название, Москва", "A, B Ц"]
)
@pytest.mark.parametrize(
    "subject",
    [
        "Подписан договор № ЁЛ-261130-01 от 30.11.2026: ваши экземпляры",
        "A plain one",
        "Mixed words, потом русские слова подлиннее, then English again and again, и ещё",
    ],
)
def test_names_and_subjects_come_back_as_they_were(name: str, subject: str) -> None:
    content = bytes_of(letter(subject=subject), Mailbox("hello@example.ru", name), None)
    assert content.isascii()
    found = email.message_from_bytes(content)
    assert read(found["Subject"]) == subject
    assert name in read(found["From"])
    assert "<hello@example.ru>" in found["From"]
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_a_message_id_stays_whole_in_a_long_domain() -> None:
    domain = f"{'a' * 60}.{'b' * 60}.example.ru"
    found = email.message_from_bytes(bytes_of(letter(), Mailbox(f"hello@{domain}"), None))
    assert found["Message-ID"].strip() == f"<{letter().id}@{domain}>"


@pytest.mark.parametrize("text", ["Привет <hello@example.ru>", "hello@example.ru", '"Привет, мир" <hello@example.ru>'])
def test_a_mailbox_is_read(text: str) -> None:
    assert Mailbox.parse(text).address == "hello@example.ru"


@pytest.mark.parametrize(
    "text", ["", "Привет", "<>", "a@example.ru, b@example.ru", "a@example.ru>", "<a@example.ru", "a@example.ru\r\nX: y"]
)
def test_a_mailbox_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="must be an address"):
        Mailbox.parse(text)
