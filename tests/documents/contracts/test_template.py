"""The texts are checked when they are loaded, and values never become markup."""

import re

import pytest

from documents.contracts.contract import FIELDS, PLACES
from documents.contracts.template import TEMPLATES, Kind, TemplateError, load_template, parse_template
from documents.contracts.typography import escape

HEAD = "fields: number\nplaces: sums\n---\n"
BODY = "# Договор № {{number}}\n\n1.1. Первый **важный** пункт.\n\n[[sums]]\n"


def parse(text: str) -> list[tuple[Kind, str, str]]:
    blocks = parse_template("t", text, frozenset({"number", "day"}), frozenset({"sums"}))
    return [(block.kind, block.number, block.text) for block in blocks]


def test_a_text_becomes_titles_clauses_and_places() -> None:
    assert parse(HEAD + BODY) == [
        (Kind.TITLE, "", "Договор №\u00a0{{number}}"),
        (Kind.CLAUSE, "1.1.", "Первый <b>важный</b> пункт."),
        (Kind.PLACE, "", "sums"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (BODY, "head"),
        ("places: sums\n---\n" + BODY, "fields:"),
        (HEAD + BODY + "\n{{day}}\n", "undeclared: day"),
        (HEAD.replace("number", "number day") + BODY, "not used: day"),
        (HEAD.replace("number", "number inn") + BODY + "\n{{inn}}\n", "unknown: inn"),
        (HEAD + BODY.replace("[[sums]]", ""), "not used: sums"),
        (HEAD.replace("sums", "sums devices") + BODY + "\n[[devices]]\n", "unknown: devices"),
        (HEAD + BODY + "\nСумма: [[sums]]\n", "broken markup"),
        (HEAD + BODY + "\nСумма {{number} рублей\n", "broken markup"),
        (HEAD + BODY + "\nСумма {{Number}} рублей\n", "broken markup"),
        (HEAD + BODY + "\nОчень **важно\n", "broken markup"),
    ],
)
def test_a_faulty_text_is_refused_when_it_is_loaded(text: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(problem)):
        parse(text)


@pytest.mark.parametrize("name", ["contract-v99", "../contract-v1", "contract-v1.txt", ""])
def test_only_shipped_texts_can_be_named(name: str) -> None:
    with pytest.raises(TemplateError, match="there is no text"):
        load_template(name, FIELDS, PLACES)


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("contract-*.txt")))
def test_every_shipped_text_can_be_filled(name: str) -> None:
    blocks = load_template(name, FIELDS, PLACES)
    assert {block.text for block in blocks if block.kind is Kind.PLACE} == PLACES
    for block in blocks:
        assert "{{" not in block.filled(dict.fromkeys(FIELDS, "x"))


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("contract-*.txt")))
def test_a_contract_carries_the_signature_clause_and_no_consent_to_data_processing(name: str) -> None:
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    assert "63-ФЗ" in text
    assert "статей 5, 6 и 9" in text or "статьями 5, 6 и 9" in text
    assert "огласие на обработку" not in text
    assert "152-ФЗ" not in text


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ("<font size=0.1>скрыто</font>", "&lt;font size=0.1&gt;скрыто&lt;/font&gt;"),
        ("Рога & копыта", "Рога &amp; копыта"),
        ("**жирно** {{number}} [[sums]]", "**жирно** {{number}} [[sums]]"),
        ("а\x00б\u202eв\u200bг\nд", "абвг д"),
        ("\ud800", ""),
    ],
)
def test_a_value_stays_text(value: str, markup: str) -> None:
    assert escape(value) == markup
    block = parse_template("t", HEAD + BODY, frozenset({"number"}), frozenset({"sums"}))[0]
    assert block.filled({"number": value}) == f"Договор №\u00a0{markup}"
