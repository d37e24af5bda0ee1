"""What a message of each type holds when its writer says no more than the type."""

import re

from sandbox.avito.records import Account, Json

URL = re.compile(r"https?://\S+")
EMPTY = frozenset({"file", "video", "appCall", "deleted"})
"""Types whose content Avito does not give away."""


def of_text(text: str) -> tuple[str, Json]:
    """Type and content: a text with an address in it comes back as a link."""
    if found := URL.search(text):
        return "link", link(text, found.group())
    return "text", {"text": text}


def of_type(account: Account, kind: str, text: str) -> Json:
    """Content for whatever needs no file; a type that is not known holds nothing."""
    match kind:
        case "text":
            return {"text": text}
        case "link":
            found = URL.search(text)
            return link(text or "https://example.com/", found.group() if found else "https://example.com/")
        case "item":
            return {
                "item": {
                    "title": text or "Насос велосипедный",
                    "price_string": "700 ₽",
                    "item_url": "https://avito.ru/moskva/velosipedy/nasos_1768287500",
                    "image_url": "https://00.img.avito.st/image/1/1768287500.webp",
                }
            }
        case "location":
            place = text or "Москва, Варшавское шоссе, 1"
            return {"location": {"lat": 55.599799, "lon": 37.603954, "kind": "house", "title": place, "text": place}}
        case "call":
            return {"call": {"status": "missed", "target_user_id": account.user_id}}
        case "system":
            return {"flow_id": "seller_audience_discount"} | ({"text": text} if text else {})
        case _:
            return {}


def link(text: str, url: str) -> Json:
    return {"link": {"text": text, "url": url, "preview": None}}
