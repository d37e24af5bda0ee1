"""No paper shows an empty box: what can be printed, what is replaced, what is refused with its field."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from documents.contracts import template
from documents.contracts.agreement import published
from documents.contracts.certificate import CertificateEvent, EnteredBy, render_certificate
from documents.contracts.contract import render_contract
from documents.contracts.glyphs import plain, spelled, unprintable
from documents.contracts.typefaces import BOLD, FONT_FILES, SPARE, MissingGlyph
from documents.contracts.typography import BODY, CELL_BOLD, Text, escape, typesetting
from domain.contracts.contract import ContractSnapshot, number_prefix
from domain.contracts.refusals import Unprintable
from domain.kernel.refusal import InvalidValue
from domain.onboarding.passport import check_changes
from tests.contract_samples import EXECUTOR, PASSPORT, certificate, contract, device

UNPRINTABLE = {
    "🎮": "U+1F3AE",
    "🏴\U000e0067\U000e0062\U000e007f": "U+1F3F4",
    "👨\u200d👩\u200d👧": "U+1F468",
    "👍🏽": "U+1F44D",
    "🇷🇺": "U+1F1F7",
    "⌚\ufe0f": "U+231A",
    "שלום": "U+05E9",
    "سلام": "U+0633",
    "٣": "U+0663",
    "李": "U+674E",
    "カ": "U+30AB",
    "한": "U+D55C",
    "हिन्दी": "U+0939",
    "ไทย": "U+0E44",
    "q\u0308": "U+0308",
    "З\u0324\u0337": "U+0337",
    "\u0301а": "U+0301",
    "\ue000": "U+E000",
    "\ufffd": "U+FFFD",
    "\U0001fae8": "U+1FAE8",
    "\U000f0000": "U+F0000",
    "\u0378": "U+0378",
}


def words(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("27″", "27″"),
        ("5′", "5′"),
        ("❄ → ✓ ★ ℃ ≥ ① ⅓", "❄ → ✓ ★ ℃ ≥ ① ⅓"),
        ("Ĝѡ-Ŵѣ Ъѫ", "Ĝѡ-Ŵѣ Ъѫ"),
        ("Ελλάδα ქართული Հայաստան", "Ελλάδα ქართული Հայաստան"),
        ("Ə ə ș ț ạ ẞ", "Ə ə ș ț ạ ẞ"),
        ("и\u0306 е\u0308 e\u0301 И\u0306", "й ё é Й"),
        ("замо\u0301к", "замо\u0301к"),
        ("Ａ１（ｚ）", "A1(z)"),
        ("ﬁ ﬀ", "ﬁ ﬀ"),
        ("12㎡ 5㎏", "12m2 5kg"),
        ("𝐀𝓫", "Ab"),
        ("1\ufe0f\u20e3 ❤\ufe0f", "1 ❤"),
        ("non\u2011break\u2010ing", "non\u2011break-ing"),
        ("a\u2009b\u3000c\u00a0d\u202fe\u2007f", "a b c\u00a0d\u00a0e\u00a0f"),
        ("a\u200bb\u00adc\ufeffd\u2060e\u200ff\u202eg\u0000h\u3164i", "abcdefghi"),
        ("a\tb\r\nc\rd\u2028e\u2029f\u0085g\vh", "a b\nc\nd\ne\nf\ng\nh"),
    ],
)
def test_what_is_printed_of_a_text(given: str, printed: str) -> None:
    assert plain(given) == printed
    assert unprintable(given) is None
    if "\n" not in printed:
        assert " ".join(printed.replace("\u00a0", " ").split()) in words(
            render_contract(contract(device(1, description=given)))
        )


@pytest.mark.parametrize("text", UNPRINTABLE)
def test_what_has_no_glyph_of_its_own_is_found(text: str) -> None:
    sign = unprintable(f"Диван {text}")
    assert sign is not None
    assert f"U+{ord(sign):04X}" == UNPRINTABLE[text]
    with pytest.raises(Unprintable):
        render_contract(contract(device(1, description=f"Диван {text}")))


@given(st.text())
def test_the_printed_form_of_a_text_is_final(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert unprintable(spelled(text)) is None


@given(st.text(max_size=40))
def test_every_text_is_drawn_or_found(text: str) -> None:
    with typesetting():
        canvas = Canvas(BytesIO())
        for style in (BODY, CELL_BOLD):
            paragraph = Text(escape(spelled(text)), style)
            paragraph.wrap(300, 3000)
            paragraph.drawOn(canvas, 0, 0)


@pytest.mark.parametrize("face", FONT_FILES)
def test_a_face_draws_no_box_whatever_comes_to_it(face: str) -> None:
    with typesetting():
        canvas = Canvas(BytesIO())
        canvas.setFont(face, 10)
        canvas.drawString(0, 0, "Я")
        for sign in ("🎮", "李", "\u0378", "\uffff"):
            with pytest.raises(MissingGlyph, match=f"U\\+{ord(sign):04X}"):
                canvas.drawString(0, 0, f"Я{sign}")


def test_bold_words_stay_bold_in_the_spare_typeface() -> None:
    with typesetting():
        inside = Text(f"<b>Аб{escape('Ŵ')}в</b> {escape('Ŵ')}", BODY)
        own = Text(escape("Ŵ"), CELL_BOLD)
        faces = [(frag.text.strip(), frag.fontName) for frag in [*inside.frags, *own.frags] if frag.text.strip()]
    bold = pdfmetrics.getFont("DejaVuSans-Bold").fontName
    assert faces == [("Аб", BOLD), ("Ŵ", bold), ("в", BOLD), ("Ŵ", SPARE), ("Ŵ", bold)]


def test_every_letter_that_a_name_may_have_can_be_printed_in_paper_and_number() -> None:
    allowed = [sign for sign in map(chr, range(0x20, 0x3000)) if _is_name(sign)]
    assert len(allowed) > 450
    assert [sign for sign in allowed if unprintable(sign) or unprintable(number_prefix(sign))] == []
    names = replace(PASSPORT, last_name="".join(allowed[:100]), first_name="".join(allowed[100:]))
    assert render_contract(contract(passport=names))


def _is_name(sign: str) -> bool:
    try:
        check_changes({"last_name": sign}, date(2026, 11, 30))
    except InvalidValue:
        return False
    return True


def test_our_own_wordings_can_be_printed() -> None:
    texts = [file.read_text(encoding="utf-8") for file in template.TEMPLATES.glob("*.txt")]
    assert len(texts) == 3
    assert [unprintable(text) for text in [*texts, published().text]] == [None] * 4


def test_a_rare_letter_of_the_number_stands_in_the_running_head() -> None:
    assert words(render_contract(contract(number="ĜѠ-261121-01"))).count("ĜѠ-261121-01") >= 4


def _with(whole: Any, changes: dict[str, Any]) -> Any:
    return replace(whole, **changes)


def _spoilt(text: str) -> Iterator[tuple[str, str, ContractSnapshot]]:
    for field in ("last_name", "first_name", "middle_name", "issued_by", "registration_address"):
        yield f"passport.{field}", "Паспорт, ", contract(passport=_with(PASSPORT, {field: text}))
    yield "user.address", "Адрес клиента", contract(client_address=text)
    yield "user.email", "Электронная почта клиента", contract(client_email=text)
    spoilt: tuple[dict[str, Any], ...] = (
        {"title": text},
        {"device_type": text},
        {"description": text},
        {"specs": {text: "да"}},
        {"specs": {"Цвет": text}},
        {"specs": {"Порты": [{"вид": text}]}},
    )
    for fields in spoilt:
        name = next(iter(fields))
        yield f"devices.{device(2).id}.{name}", "Устройство 2, ", contract(device(1), device(2, **fields))
    yield "tariff.name", "Название тарифа", contract(tariff=replace(contract().tariff, name=text))
    for field in ("name", "address", "email"):
        yield f"executor.{field}", "Реквизиты исполнителя, ", contract(executor=_with(EXECUTOR, {field: text}))
    yield "contract.number", "Номер договора", contract(number=text)


@pytest.mark.parametrize(
    ("place", "said", "snapshot"), [pytest.param(*case, id=case[0]) for case in _spoilt("до🎮после")]
)
def test_a_refusal_names_the_field_and_the_character(place: str, said: str, snapshot: ContractSnapshot) -> None:
    with pytest.raises(Unprintable) as refused:
        render_contract(snapshot)
    assert refused.value.status == 409
    assert refused.value.detail.startswith(said)
    assert "символ «🎮» (U+1F3AE) нельзя напечатать" in refused.value.detail
    errors = refused.value.extra["errors"]
    assert isinstance(errors, list)
    assert [".".join(error["loc"]) for error in errors] == [place]
    assert "до" not in refused.value.detail.replace("договор", "")


def test_a_refusal_with_many_fields_lists_all_and_tells_some() -> None:
    with pytest.raises(Unprintable) as refused:
        render_contract(contract(*(device(number, title="🎮") for number in range(1, 9))))
    errors = refused.value.extra["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 8
    assert "Устройство 5" in refused.value.detail
    assert "Устройство 6" not in refused.value.detail
    assert "Есть и другие такие поля." in refused.value.detail


def test_a_certificate_spells_what_nobody_can_correct_any_more() -> None:
    """A signature was given: its certificate must come, whatever a browser calls itself."""
    data = certificate(
        signer_name="Ĝ🎮",
        attested_by="שלום Анна",
        entered_by=EnteredBy("Пётр 🎮", "198.51.100.4", "агент 李"),
        signed_user_agent="Mozilla/5.0 🎮",
        events=(CertificateEvent(certificate().signed_at, "Событие 🎮"),),
    )
    text = words(render_certificate(data))
    for expected in ("Ĝ[U+1F3AE]", "[U+05E9][U+05DC]", "Пётр [U+1F3AE]", "агент [U+674E]", "Событие [U+1F3AE]"):
        assert expected in text
