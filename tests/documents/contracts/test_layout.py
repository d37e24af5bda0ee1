"""The layout of papers: heads, rows and lines of tables on their pages."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from documents.contracts.certificate import CertificateEvent, render_certificate
from documents.contracts.contract import render_contract
from documents.contracts.wording import specs_line
from domain.contracts.contract import ContractSnapshot
from tests.contract_samples import amendment, certificate, contract, device, device_id

HEAD = "Описание и характеристики"


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(pdf)).pages]


def lines(pdf: bytes) -> list[str]:
    return [line.strip() for page in pages(pdf) for line in page.splitlines()]


def described(count: int, length: int) -> ContractSnapshot:
    def text(number: int) -> str:
        return f"начало{number}. {'описание ' * 500}"[: length - 9] + f" конец{number}."

    return contract(*(device(number, description=text(number)) for number in range(1, count + 1)))


@pytest.mark.parametrize("length", [30, 100, 225, 226, 300, 600, 1500, 2600])
@pytest.mark.parametrize("count", [1, 7, 8, 9, 40])
def test_a_table_has_one_head_on_a_page_and_whole_rows(count: int, length: int) -> None:
    texts = pages(render_contract(described(count, length)))
    assert all(text.count(HEAD) <= 1 for text in texts)
    for number in range(1, count + 1):
        begun = [at for at, text in enumerate(texts) if f"начало{number}." in text]
        ended = [at for at, text in enumerate(texts) if f"конец{number}." in text]
        assert begun == ended, number
        assert len(begun) == 1, number
        assert HEAD in texts[begun[0]]


@pytest.mark.parametrize("before", range(9))
def test_a_row_longer_than_a_page_goes_on_under_a_head_on_each_page(before: int) -> None:
    long = device(99, description="слово " * 1300)
    others = [device(number, description="описание " * 25) for number in range(1, before + 1)]
    texts = pages(render_contract(contract(*others, long, device(100, title="Последнее"))))
    assert sum(text.count("слово") for text in texts) == 1300
    assert all(text.count(HEAD) == 1 for text in texts if "слово" in text)
    assert max(text.count("слово") for text in texts) > 400
    assert sum(text.count("Последнее") for text in texts) == 1


def test_a_long_title_beside_a_long_description_loses_nothing() -> None:
    long = device(1, title="Ж" * 3000, description="я" * 4000, specs={"имя": "Ю" * 3000})
    text = "".join("".join(pages(render_contract(contract(long)))).split())
    assert [text.count(sign) for sign in "ЖЮ"] == [3000, 3000]
    assert text.count("яяяяяяяяяя") >= 390


def test_the_clause_stands_on_the_page_where_its_table_begins() -> None:
    for length in range(100, 2600, 250):
        texts = pages(render_contract(described(3, length)))
        clause = next(at for at, text in enumerate(texts) if "Обслуживаются следующие устройства" in text)
        assert "начало1." in texts[clause], length


def test_a_contract_without_devices_says_so() -> None:
    texts = pages(render_contract(contract(devices=(), billed_devices=())))
    assert "Устройств пока нет" in texts[0]
    assert texts[0].count(HEAD) == 1


def test_an_amendment_has_whole_rows_too() -> None:
    added = [device(number, description=f"начало{number}. {'слово ' * 40} конец{number}.") for number in range(10, 25)]
    snapshot = amendment(devices=tuple(added))
    texts = pages(render_contract(_billing(snapshot)))
    for one in range(10, 25):
        assert len([text for text in texts if f"начало{one}." in text and f"конец{one}." in text]) == 1


def _billing(snapshot: ContractSnapshot) -> ContractSnapshot:
    return replace(snapshot, billed_devices=tuple(device_id(number) for number in range(10, 25)))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\v", "\u0085"])
def test_lines_of_a_description_stay_lines(end: str) -> None:
    text = end.join(("Первая строка", "• вторая", "", "", "", "третья"))
    printed = lines(render_contract(contract(device(1, description=text))))
    at = printed.index("Первая строка")
    assert [line for line in printed[at : at + 5] if line][:3] == ["Первая строка", "• вторая", "третья"]


def test_lines_of_specs_stay_lines() -> None:
    specs = {"Порты": "HDMI\nUSB-C", "Память": "16 ГБ"}
    assert specs_line(dict(specs)) == "Память: 16\u00a0ГБ\nПорты: HDMI\nUSB-C"
    printed = lines(render_contract(contract(device(1, specs=dict(specs)))))
    at = printed.index("Память: 16 ГБ")
    assert printed[at : at + 3] == ["Память: 16 ГБ", "Порты: HDMI", "USB-C"]


def test_specs_of_one_line_each_stay_in_one_line() -> None:
    assert specs_line({"Память": "16 ГБ", "Диск": "1 ТБ\n"}) == "Диск: 1\u00a0ТБ; Память: 16\u00a0ГБ"


def test_an_address_of_two_lines_is_one_in_a_clause_and_two_among_the_details() -> None:
    text = " ".join(" ".join(pages(render_contract(contract(client_address="г. Тверь\nул. Новая, 1")))).split())
    assert "по адресу: г. Тверь ул. Новая, 1." in text


def test_blank_lines_do_not_fill_pages() -> None:
    assert len(pages(render_contract(contract(device(1, description="а" + "\n" * 3000 + "б"))))) == 3


def test_events_of_a_certificate_stay_whole_under_one_head_a_page() -> None:
    at = certificate().signed_at
    events = tuple(CertificateEvent(at, f"начало{n}. {'событие ' * 12} конец{n}.") for n in range(60))
    texts = pages(render_certificate(certificate(events=events)))
    assert all(text.count("Что произошло") <= 1 for text in texts)
    for n in range(60):
        assert len([text for text in texts if f"начало{n}." in text and f"конец{n}." in text]) == 1
