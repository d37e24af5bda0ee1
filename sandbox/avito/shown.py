"""Everything there is on Avito's side, as tests and the page read it."""

from sandbox.avito.records import Account, Chat, Everything, Json, Message, Via


def everything(kept: Everything) -> Json:
    return {
        "accounts": [account_json(account) for account in kept.accounts.values()],
        "images": {
            image_id: {"sha256": image.sha256, "bytes": image.size, "content_type": image.content_type}
            for image_id, image in kept.images.items()
        },
        "tokens": len(kept.tokens),
    }


def account_json(account: Account) -> Json:
    """Without the secret; chats newest first."""
    return {
        "user_id": account.user_id,
        "name": account.name,
        "client_id": account.client_id,
        "employee": account.employee,
        "subscriptions": list(account.subscriptions),
        "per_minute": account.per_minute,
        "chats": [chat_json(account, chat) for chat in reversed(account.chats.values())],
    }


def chat_json(account: Account, chat: Chat) -> Json:
    """Messages oldest first; `posts` were accepted, `attempts` are all calls that were to post a message."""
    return {
        "id": chat.id,
        "kind": chat.kind.value,
        "created": chat.created,
        "updated": chat.updated,
        "buyer_id": chat.buyer_id,
        "buyer_name": chat.buyer_name,
        "blocked": account.blocked.get(chat.buyer_id),
        "item": vars(chat.item) if chat.item else None,
        "unread": chat.unread,
        "posts": chat.posts,
        "attempts": chat.attempts,
        "messages": [message_json(account, chat, message) for message in chat.messages.values()],
    }


def message_json(account: Account, chat: Chat, message: Message) -> Json:
    return {
        "id": message.id,
        "direction": message.direction,
        "type": message.type,
        "text": text_of(message),
        "author": author_of(account, chat, message),
        "author_id": message.author_id,
        "via": message.via.value,
        "content": message.content,
        "created": message.created,
        "is_read": message.is_read,
        "read": message.read,
        "quote_id": message.quote_id,
    }


def text_of(message: Message) -> str | None:
    """Of a text or of a link."""
    link = message.content.get("link")
    text = link.get("text") if isinstance(link, dict) else message.content.get("text")
    return text if isinstance(text, str) else None


def author_of(account: Account, chat: Chat, message: Message) -> str:
    match message.via:
        case Via.BUYER:
            return chat.buyer_name
        case Via.AVITO:
            return "Авито"
        case Via.API | Via.APP:
            return account.name
