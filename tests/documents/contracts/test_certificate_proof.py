"""Facts of a certificate in words."""

import pytest

from documents.contracts.certificate_proof import Proof, session_facts

PROOF = Proof(
    account_id="b",
    masked_phone=None,
    confirmed_at=None,
    confirmed_by=None,
    masked_card_phone=None,
    card_differs=False,
    session=None,
    code=None,
    opened=(),
    staff_nearby=(),
)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("signed-network", "Договор подписан с адреса, где за последние сутки работал сотрудник исполнителя"),
        ("registered-browser", "Учётная запись создана в браузере, где за последние сутки работал сотрудник"),
        ("signed-device", "Договор подписан с адреса и из программы, где"),
        ("of-a-later-release", "of-a-later-release"),
    ],
)
def test_what_staff_did_nearby_is_printed_in_words(code: str, words: str) -> None:
    facts = dict(session_facts(Proof(**{**vars(PROOF), "staff_nearby": (code,)}), by_client=False))
    assert facts["Отметки"].startswith(words)


def test_nothing_is_printed_where_no_staff_was_near() -> None:
    assert "Отметки" not in dict(session_facts(PROOF, by_client=False))
