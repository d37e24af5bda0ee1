"""The contract as PDF: what it says, that it survives any value, and that the same snapshot gives the same bytes."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from documents.contracts.contract import render_contract
from documents.contracts.coverage import check_printable
from documents.contracts.template import TemplateError
from documents.contracts.typefaces import FONT_FILES, FONTS
from domain.clients.document import DocumentType
from domain.contracts.contract import ContractSnapshot, PassportSnapshot, from_json, to_canonical_json
from domain.contracts.refusals import Unprintable
from tests.contract_samples import DEVICES, PASSPORT, amendment, contract, device

AGAIN = """
import sys
from hashlib import sha256
from documents.contracts.contract import render_contract
from domain.contracts.contract import from_json
print(sha256(render_contract(from_json(sys.stdin.buffer.read()))).hexdigest())
"""


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(pdf)).pages]


def words(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


def unbroken(pdf: bytes) -> str:
    return "".join("".join(pages(pdf)).split())


def test_a_contract_says_who_what_and_how_much() -> None:
    text = words(render_contract(contract()))
    for expected in (
        "№ КУ-261121-01 от 21 ноября 2026 г.",
        "ООО «Домашняя техника», ИНН 7701234567",
        "Кузнецова-Щёголева Елизавета Константиновна, паспорт",
        "45 10 № 123456, выдан 17.05.2012, ГУ МВД России по г. Москве",
        "г. Москва, ул. Лесная, д. 3, кв. 15",
        "Lenovo ThinkPad X1 Carbon",
        "Память: 16 ГБ",
        "1 500,50",
        "3 500 (Три тысячи пятьсот) рублей 50 копеек",
        "Абонентская плата по тарифу «Домашний», справочно",
        "+7 912 345\u201167\u201189",
        "Итого к оплате",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("passport", "in_the_head", "in_the_signatures"),
    [
        (
            PASSPORT,
            "паспорт гражданина Российской Федерации 45 10 № 123456, выдан 17.05.2012, ГУ МВД России по г. Москве,"
            " код подразделения 770\u2011001 (далее",
            "Паспорт 45 10 № 123456",
        ),
        (
            replace(PASSPORT, issue_code=None),
            "45 10 № 123456, выдан 17.05.2012, ГУ МВД России по г. Москве (далее",
            "Паспорт 45 10 № 123456",
        ),
        (
            replace(
                PASSPORT,
                document_type=DocumentType.FOREIGN_PASSPORT,
                series=None,
                number="C01X00T47",
                issued_by="Stadt Köln",
                issue_code=None,
            ),
            "паспорт иностранного гражданина № C01X00T47, выдан 17.05.2012, Stadt Köln (далее",
            "Паспорт иностранного гражданина № C01X00T47",
        ),
        (
            replace(
                PASSPORT,
                document_type=DocumentType.RESIDENCE_PERMIT,
                series="82",
                number="1234567",
                issued_by="МВД по Республике Татарстан",
                issue_code=None,
            ),
            "вид на жительство 82 № 1234567, выдан 17.05.2012, МВД по Республике Татарстан (далее",
            "Вид на жительство 82 № 1234567",
        ),
    ],
    ids=["internal", "internal without a code", "foreign", "residence permit"],
)
def test_the_document_is_named_as_what_it_is(
    passport: PassportSnapshot, in_the_head: str, in_the_signatures: str
) -> None:
    for snapshot in (contract(passport=passport), amendment(passport=passport)):
        text = words(render_contract(from_json(to_canonical_json(snapshot))))
        assert in_the_head in text
        assert in_the_signatures in text


def test_every_page_carries_number_version_wording_and_page_of_pages() -> None:
    texts = pages(render_contract(contract(version=3)))
    assert len(texts) == 3
    for at, text in enumerate(texts, start=1):
        assert "Договор № КУ-261121-01, версия 3" in text
        assert "contract-v1" in text
        assert f"страница {at} из 3" in text


def test_the_parties_stand_together_on_one_page() -> None:
    for count in range(1, 16):
        last = pages(render_contract(contract(*(device(number) for number in range(1, count + 1)))))[-1]
        for expected in ("Реквизиты и подписи сторон", "ОГРН 1207700123456", "протоколе подписания"):
            assert expected in last, count


def test_an_amendment_names_its_contract_and_bills_only_new_devices() -> None:
    text = words(render_contract(amendment()))
    assert "к договору абонентского обслуживания техники № КУ-261121-01" in text
    assert "HP LaserJet M111" in text
    assert "обслуживается устройств: 4" in text
    assert "700 (Семьсот) рублей 00 копеек" in text
    assert "Samsung QE55" not in text


def test_services_are_given_at_the_registered_address_when_there_is_no_other() -> None:
    assert "удалённо или по адресу: 125009, г. Москва" in words(render_contract(contract(client_address=None)))


def test_the_properties_name_the_document_and_its_language() -> None:
    reader = PdfReader(BytesIO(render_contract(contract())))
    assert reader.metadata is not None
    assert reader.metadata.title == "Договор № КУ-261121-01, версия 1"
    assert reader.metadata.author == "ООО «Домашняя техника»"
    assert str(reader.root_object["/Lang"]) == "ru-RU"


def test_every_letter_is_drawn_with_an_embedded_font() -> None:
    reader = PdfReader(BytesIO(render_contract(contract())))
    fonts = {}
    for page in reader.pages:
        resources = page["/Resources"].get_object()
        assert isinstance(resources, DictionaryObject)
        named = resources["/Font"].get_object()
        assert isinstance(named, DictionaryObject)
        for font in (reference.get_object() for reference in named.values()):
            assert isinstance(font, DictionaryObject)
            fonts[font["/BaseFont"]] = font.get("/FontDescriptor", DictionaryObject()).get_object()
    drawn = {str(name) for name, descriptor in fonts.items() if "/FontFile2" in descriptor}
    assert drawn == {str(name) for name in fonts}
    assert any("PTSans-Bold" in name for name in drawn)


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        ("PT_Sans-Web-Regular.ttf", "9cc831490532009bae2b3ce0d39c62adfc889060beb421593bfd9d2396d0f10a"),
        ("PT_Sans-Web-Bold.ttf", "3128bd5ecf01816e59a23d54c57a7a6b14615b07db53ff277c77376010265b05"),
        ("PT_Sans-Web-Italic.ttf", "5a90fe2d0cd798700935240580bdcc12c0ffc9102c0c7163b3418e13bc21debd"),
        ("DejaVuSans.ttf", "7da195a74c55bef988d0d48f9508bd5d849425c1770dba5d7bfc6ce9ed848954"),
        ("DejaVuSans-Bold.ttf", "e6476c1b80502924294eed40894c5b18e06c181444ca953e5334262df9c27724"),
    ],
)
def test_the_shipped_typeface_is_the_one_stored_contracts_were_made_with(file: str, digest: str) -> None:
    assert file in FONT_FILES.values()
    assert sha256((FONTS / file).read_bytes()).hexdigest() == digest
    assert "SIL Open Font License" in (FONTS / "LICENSE").read_text(encoding="utf-8")
    assert "Bitstream Vera Fonts Copyright" in (FONTS / "LICENSE-DejaVu").read_text(encoding="utf-8")


@pytest.mark.parametrize("snapshot", [contract(), amendment()], ids=["contract", "amendment"])
@pytest.mark.parametrize("seed", ["0", "4242"])
def test_another_process_makes_the_same_bytes_from_the_stored_snapshot(snapshot: ContractSnapshot, seed: str) -> None:
    here = sha256(render_contract(snapshot)).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", AGAIN],
        input=to_canonical_json(snapshot),
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert there.stdout.decode().strip() == here


def test_the_wording_and_layout_of_a_contract_change_on_purpose_only() -> None:
    # The drawing of the pages, unpacked: other builds of zlib pack the same drawing into other bytes.
    drawing = sha256()
    for page in PdfReader(BytesIO(render_contract(contract()))).pages:
        contents = page.get_contents()
        assert contents is not None
        drawing.update(contents.get_data())
    assert drawing.hexdigest() == "a0cb6a1f2c8a37aad3b27a9dee0f4fd3b13fa16a986b0d0783e99a063ffbfa59"


def test_many_threads_make_the_same_bytes_as_one() -> None:
    asked = [contract(), amendment(), contract(version=2)] * 4
    expected = [render_contract(snapshot) for snapshot in asked]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_contract, asked)) == expected


def test_other_content_makes_other_bytes() -> None:
    assert render_contract(contract(version=2)) != render_contract(contract())


@pytest.mark.parametrize(
    "value",
    [
        "<font size=0.1>скрыто</font>",
        '<img src="/etc/hostname"/>',
        "Рога & копыта",
        "<b>",
        "</para>",
        "&#1234;",
        "{{number}}",
    ],
)
def test_markup_in_a_value_is_printed_as_it_is(value: str) -> None:
    everywhere = contract(
        device(1, title=value, device_type=value, description=value, specs={value: value}),
        client_address=value,
        client_email=value,
        passport=replace(PASSPORT, last_name=value, issued_by=value, registration_address=value),
    )
    text = unbroken(render_contract(everywhere))
    assert text.count(value.replace(" ", "")) >= 8


@pytest.mark.parametrize(
    "snapshot",
    [
        contract(*(device(number) for number in range(1, 301))),
        contract(device(1, description="слово " * 700), *DEVICES[1:]),
        contract(device(1, title="Щ" * 4000, device_type="ж" * 4000, description="я" * 4000)),
        contract(device(1, specs={f"имя {number}": "значение" * 20 for number in range(300)})),
        contract(passport=replace(PASSPORT, last_name="Я" * 3000, registration_address="улица " * 800)),
        contract(client_address="ю" * 4000),
        contract(device(1, title="", device_type="", description="", specs={})),
        contract(passport=replace(PASSPORT, middle_name=None, series="", number="", issue_code="")),
    ],
    ids=["300 devices", "long text", "long words", "many specs", "long name", "long address", "empty", "no passport"],
)
def test_no_length_breaks_the_layout(snapshot: ContractSnapshot) -> None:
    texts = pages(render_contract(snapshot))
    assert f"страница {len(texts)} из {len(texts)}" in texts[-1]
    assert "протоколе подписания" in texts[-1]


def test_a_long_description_is_printed_to_its_last_letter() -> None:
    assert unbroken(render_contract(contract(device(1, description="я" * 4000)))).count("я") >= 4000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.dictionaries(st.text(max_size=20), st.text(max_size=20) | st.integers() | st.none()))
def test_any_text_is_either_printed_or_refused(text: str, specs: dict[str, str | int | None]) -> None:
    snapshot = contract(device(1, title=text, description=text, specs=dict(specs)), client_address=text or None)
    try:
        check_printable(snapshot)
    except Unprintable:
        with pytest.raises(Unprintable):
            render_contract(snapshot)
        return
    assert render_contract(snapshot) == render_contract(from_json(to_canonical_json(snapshot)))


def test_an_unknown_wording_is_refused() -> None:
    with pytest.raises(TemplateError):
        render_contract(contract(template="contract-v99"))
