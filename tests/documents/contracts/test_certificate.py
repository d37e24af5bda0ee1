"""The protocol of a signing: what it proves, and that nothing in it can be forged by a value."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO

import pypdfium2
import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from documents.contracts.certificate import CertificateEvent, render_certificate
from tests.contract_samples import certificate, certificate_from_manager_device

AGAIN = """
from hashlib import sha256
from documents.contracts.certificate import render_certificate
from tests.contract_samples import certificate
print(sha256(render_certificate(certificate())).hexdigest())
"""


def words(pdf: bytes) -> str:
    texts = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return " ".join(" ".join(texts).replace("\u00a0", " ").split())


def unbroken(pdf: bytes) -> str:
    return words(pdf).replace(" ", "")


def test_a_protocol_says_who_signed_which_bytes_when_and_how() -> None:
    data = certificate()
    text = words(render_certificate(data))
    for expected in (
        "к договору № КУ-261121-01, версия 1",
        "Кузнецова-Щёголева Елизавета Константиновна",
        "+7 912 •••-••-89",
        "21.11.2026 09:03:07 UTC",
        "Одноразовый код введён подписантом в его личном кабинете",
        data.pdf_sha256,
        data.agreement_sha256,
        "pep-v1",
        "20.11.2026 09:03:07 UTC",
        "Подписант принял соглашение сам",
        "203.0.113.7",
        "Android 15",
        "3128bd5ecf01816e59a23d54c57a7a6b14615b07db53ff277c77376010265b05",
        "k1",
        "Введён неверный код, осталось попыток: 4",
        "https://privet.example.com/verify",
    ):
        assert expected in text


def test_on_a_managers_device_the_protocol_names_him_and_not_the_client() -> None:
    text = words(render_certificate(certificate_from_manager_device()))
    assert "менее надёжный способ" in text.lower()
    assert "Согласие подписанта засвидетельствовал сотрудник: Петров Пётр" in text
    assert "IP-адрес сотрудника 198.51.100.4" in text
    assert "203.0.113.7" not in text


def test_a_time_in_another_zone_is_shown_in_utc() -> None:
    moscow = certificate().signed_at.astimezone(timezone(timedelta(hours=3)))
    assert "21.11.2026 09:03:07 UTC" in words(render_certificate(certificate(signed_at=moscow)))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_certificate(certificate(signed_at=datetime(2026, 11, 21)))  # noqa: DTZ001  # that is the point


def test_the_printed_qr_code_leads_to_the_verify_page() -> None:
    data = certificate()
    document = pypdfium2.PdfDocument(render_certificate(data))
    page = document[len(document) - 1].render(scale=6).to_pil().convert("L")
    right = page.crop((page.width * 7 // 10, page.height // 12, page.width, page.height * 9 // 10))
    symbol = _lowest(right.point([255 if level < 60 else 0 for level in range(256)]))
    expected = [[bool(module) for module in row] for row in segno.make(data.verify_url.encode(), error="m").matrix]
    wrong = [at for at, row in enumerate(_modules(right.crop(symbol), len(expected))) if row != expected[at]]
    assert not wrong


def _lowest(dark: Image.Image) -> tuple[int, int, int, int]:
    """The box of what stands lowest, up to the first blank row above it; `dark` is 255 where something is printed."""
    whole = dark.getbbox()
    assert whole is not None
    top = whole[3] - 1
    while top > 0 and dark.crop((0, top - 1, dark.width, top)).getbbox() is not None:
        top -= 1
    box = dark.crop((0, top, dark.width, whole[3])).getbbox()
    assert box is not None
    return box[0], top + box[1], box[2], top + box[3]


def _modules(symbol: Image.Image, count: int) -> list[list[bool]]:
    """Dark or light at the middle of each module."""
    size = symbol.width / count
    return [
        [symbol.getpixel((int((x + 0.5) * size), int((y + 0.5) * size))) < 128 for x in range(count)]  # type: ignore[operator]  # one number in mode L
        for y in range(count)
    ]


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_another_process_makes_the_same_bytes(seed: str) -> None:
    there = subprocess.run(
        [sys.executable, "-c", AGAIN], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
    )
    assert there.stdout.decode().strip() == sha256(render_certificate(certificate())).hexdigest()


@pytest.mark.parametrize("value", ["<font size=0.1>скрыто</font>", '<img src="/etc/hostname"/>', "А & Б", "</para>"])
def test_markup_in_a_value_is_printed_as_it_is(value: str) -> None:
    data = certificate(
        signer_name=value,
        masked_phone=value,
        signed_user_agent=value,
        attested_by=value,
        events=(CertificateEvent(certificate().signed_at, value),),
    )
    assert unbroken(render_certificate(data)).count(value.replace(" ", "")) >= 5


def test_no_length_breaks_the_layout() -> None:
    at = certificate().signed_at
    data = certificate(
        signed_user_agent="x" * 8000,
        signer_name="Я" * 2000,
        events=tuple(CertificateEvent(at, "Событие " * number) for number in range(150)),
    )
    assert unbroken(render_certificate(data)).count("x") >= 8000


def test_a_protocol_without_events_is_possible() -> None:
    assert "События" in words(render_certificate(replace(certificate(), events=())))
