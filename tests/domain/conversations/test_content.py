"""Every message of Avito is read, whatever it leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.content import Inbound, Kind, read_content

URL = "https://img.k.avito.ru/chat"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["text", "image", "link", "item", "location", "call", "voice", "flow_id"]
FIELDS = ["sizes", "text", "url", "preview", "title", "lat", "lon", "voice_id", "item_url", "price_string", "640x480"]
contents = st.dictionaries(
    st.sampled_from(PARTS),
    json_values | st.dictionaries(st.sampled_from(FIELDS), json_values | st.dictionaries(st.text(), json_values)),
)
TYPES = ["text", "image", "voice", "link", "item", "location", "call", "deleted", "system", "file", "video", "appCall"]


@pytest.mark.parametrize(
    ("type_name", "content", "inbound"),
    [
        ("text", {"text": "привет!"}, Inbound(Kind.TEXT, text="привет!")),
        (
            "image",
            {"image": {"sizes": {"140x105": f"{URL}/1", "1280x960": f"{URL}/2", "640x480": f"{URL}/3"}}},
            Inbound(Kind.IMAGE, image_url=f"{URL}/2"),
        ),
        ("image", {"image": {"sizes": {"original": f"{URL}/1"}}}, Inbound(Kind.IMAGE, image_url=f"{URL}/1")),
        # A tall one is bigger than a wide one; an empty address is none.
        (
            "image",
            {"image": {"sizes": {"900x100": f"{URL}/1", "300х1000": f"{URL}/2", "9999x9999": ""}}},
            Inbound(Kind.IMAGE, image_url=f"{URL}/2"),
        ),
        ("voice", {"voice": {"voice_id": "v-1"}}, Inbound(Kind.VOICE, voice_id="v-1")),
        (
            "link",
            {"link": {"text": "вот habr.com", "url": "https://habr.com/", "preview": None}},
            Inbound(Kind.LINK, text="вот habr.com", link_url="https://habr.com/"),
        ),
        (
            "link",
            {"link": {"text": None, "preview": {"url": "https://habr.com/"}}},
            Inbound(Kind.LINK, text="https://habr.com/", link_url="https://habr.com/"),
        ),
        (
            "item",
            {"item": {"title": "Диван", "price_string": None, "item_url": "https://avito.ru/1", "image_url": "u"}},
            Inbound(Kind.ITEM, item_title="Диван", item_url="https://avito.ru/1", image_url="u"),
        ),
        (
            "location",
            {"location": {"lat": 55.6, "lon": 37, "kind": "street", "title": "Москва", "text": "Варшавское шоссе"}},
            Inbound(Kind.LOCATION, text="Варшавское шоссе", latitude=55.6, longitude=37.0, place_title="Москва"),
        ),
        ("location", {"location": {"lat": 155.6, "lon": 37, "text": "там"}}, Inbound(Kind.LOCATION, text="там")),
        ("call", {"call": {"status": "missed", "target_user_id": 1}}, Inbound(Kind.CALL)),
        ("deleted", {}, Inbound(Kind.DELETED)),
        (
            "system",
            {"text": "Скидка", "flow_id": "seller_audience_discount"},
            Inbound(Kind.SYSTEM, text="Скидка", flow_id="seller_audience_discount"),
        ),
        ("file", {}, Inbound(Kind.FILE)),
        ("video", {}, Inbound(Kind.VIDEO)),
        ("appCall", {}, Inbound(Kind.APP_CALL)),
        ("hologram<b>", {"text": "!"}, Inbound(Kind.UNKNOWN, text="!", type_name="hologramb")),
        ("sticker", {}, Inbound(Kind.UNKNOWN, type_name="sticker")),
        ("", {}, Inbound(Kind.UNKNOWN)),
    ],
)
def test_a_message_is_read(type_name: str, content: dict[str, object], inbound: Inbound) -> None:
    assert read_content(type_name, content) == inbound


@pytest.mark.parametrize("type_name", TYPES)
@pytest.mark.parametrize("content", [None, {}, dict.fromkeys(PARTS)])
def test_a_message_without_content_is_a_message(type_name: str, content: dict[str, object] | None) -> None:
    read = read_content(type_name, content)
    assert read == Inbound(read.kind)
    assert read.kind is not Kind.UNKNOWN


@given(st.sampled_from(TYPES) | st.text(), contents)
def test_no_content_is_unreadable(type_name: str, content: dict[str, object]) -> None:
    read = read_content(type_name, content)
    assert read.text.encode() is not None
    assert (read.latitude is None) == (read.longitude is None)


def test_what_cannot_be_encoded_does_not_get_in() -> None:
    assert read_content("text", {"text": "да\ud83d\x00!"}).text == "да?!"


def test_avitos_own_autoresponder_is_known() -> None:
    assert read_content("system", {"flow_id": "flower_161071"}).is_autoresponder
    assert not read_content("system", {"flow_id": "sbc_seller_notification"}).is_autoresponder
