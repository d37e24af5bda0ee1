"""Whoever writes what Avito cannot carry is told why and what to do."""

import pytest
from aiogram.enums import ContentType

from domain.conversations.limits import EDITED, refusal_of

CARRIED = {"text", "photo", "location", "venue", "contact", "any"}
OWN_WORDS = [
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "document",
    "poll",
    "dice",
    "story",
    "paid_media",
    "checklist",
    "live_photo",
    "game",
    "invoice",
    "sticker_animated",
    "sticker_video",
    "image_too_large",
    "image_broken",
    "image_animated",
    "image_too_many_pixels",
    "file_empty",
]


@pytest.mark.parametrize(
    "kind", [*(kind.value for kind in ContentType if kind.value not in CARRIED), "tomorrow", *OWN_WORDS[-5:]]
)
def test_a_refusal_gives_a_reason_and_a_way_out(kind: str) -> None:
    reason, _, way_out = refusal_of(kind).partition(": ")
    assert "не уш" in reason
    assert any(verb in way_out for verb in ("Напишите", "Пришлите", "Выложите"))


def test_each_usual_kind_has_its_own_words() -> None:
    assert len({refusal_of(kind) for kind in OWN_WORDS}) == len(OWN_WORDS)
    assert refusal_of("unknown") not in {refusal_of(kind) for kind in OWN_WORDS}


def test_an_edit_is_told_not_to_have_gone() -> None:
    assert "Правка не ушла" in EDITED
    assert "/del" in EDITED
