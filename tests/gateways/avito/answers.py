"""A seller on Avito, his chat, and what Avito answers about it."""

from tests.fake_http_server import Reply

USER, CHAT, TOKEN = 94235311, "u2i-a~b/c?d", "secret-access-token"
MESSAGES = f"/messenger/v1/accounts/{USER}/chats/u2i-a~b%2Fc%3Fd/messages"
HTML = Reply(502, b"<html>Bad gateway</html>", "text/html")

CHAT_BODY = {
    "id": CHAT,
    "created": 1700000000,
    "updated": 1700000100,
    "context": {
        "type": "item",
        "value": {
            "id": 4444444444,
            "title": "Велосипед Stels",
            "price_string": "12 500 ₽",
            "url": "https://www.avito.ru/moskva/velosipedy/1",
            "location": {"title": "Москва"},
            "images": {"count": 1, "main": {"140x105": "https://10.img.avito.st/1.jpg"}},
            "status_id": 10,
            "user_id": USER,
        },
    },
    "users": [{"id": USER, "name": "Магазин"}, {"id": 7, "name": "Ольга", "public_user_profile": {"url": "https://u"}}],
    "last_message": {"id": "m1", "author_id": 7, "created": 1700000100, "direction": "in", "type": "text"},
}
MESSAGE = {
    "id": "m1",
    "author_id": 7,
    "created": 1700000100,
    "direction": "in",
    "type": "text",
    "content": {"text": "Ещё продаёте?", "image": None},
    "is_read": False,
    "read": None,
    "quote": {"id": "m0"},
}
