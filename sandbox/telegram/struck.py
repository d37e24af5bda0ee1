"""The armed faults as calls of the Bot API meet them: before the effect, on the way to it, after it."""

import math

from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.dropped import Dropped
from sandbox.faults import Fault, Setting, Side
from sandbox.telegram.calls import Call
from sandbox.telegram.errors import Refused, kicked, too_many
from sandbox.telegram.records import GENERAL, Chat
from sandbox.telegram.sending import voice_forbidden

BEFORE = (Fault.TOO_MANY, Fault.TOO_MANY_BARE, Fault.SERVER_ERROR, Fault.HTML)
AFTER = (Fault.HTML_AFTER, Fault.DROPPED)
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
BY_ITSELF = frozenset({"getUpdates"})
"""Calls that come without anything to do: only faults that name them strike them."""


def path_of(call: Call, method: str) -> str:
    """`sendMessage/-1001000000001/17`: what the `path` of a setting is looked for in."""
    chat_id = call.params.text("chat_id") or ""
    return f"{method}/{chat_id}/{call.params.text('message_thread_id') or ''}"


def before(call: Call, method: str, path: str) -> Setting | None:
    """What strikes instead of the effect."""
    return call.telegram.faults.first(Side.TELEGRAM, BEFORE, path, method in BY_ITSELF)


def after(call: Call, method: str, path: str) -> Setting | None:
    """What strikes once the effect is done."""
    return call.telegram.faults.first(Side.TELEGRAM, AFTER, path, method in BY_ITSELF)


def answer(hit: Setting) -> Response:
    match hit.fault:
        case Fault.TOO_MANY:
            seconds = max(1, math.ceil(hit.seconds))
            return JSONResponse(too_many(seconds).body(), 429, {"Retry-After": str(seconds)})
        case Fault.TOO_MANY_BARE:
            return JSONResponse(Refused(429, "Too Many Requests").body(), 429)
        case Fault.SERVER_ERROR:
            return JSONResponse(Refused(500, "Internal Server Error").body(), 500)
        case Fault.DROPPED:
            return Dropped()
        case _:
            return HTMLResponse(PAGE, 502)


def on_the_way(call: Call, method: str, path: str) -> None:
    """Breaks the chat, the topic or the voice of this call. Refused: where the fault is an answer and no change."""
    chat_id = call.params.text("chat_id") or ""
    chat = call.telegram.groups.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None
    if chat is None or chat.migrated_to is not None:
        return
    if call.telegram.faults.strikes(Side.TELEGRAM, Fault.KICKED, path):
        raise kicked()
    if method == "sendVoice" and call.telegram.faults.strikes(Side.TELEGRAM, Fault.NO_VOICE, path):
        raise voice_forbidden()
    if _strikes(call, Fault.GROUP_MIGRATED, chat, GENERAL, path):
        call.telegram.migrate(chat)
        return
    thread_id = call.params.number("message_thread_id") or GENERAL
    topic = chat.topics.get(thread_id)
    if topic and _strikes(call, Fault.TOPIC_DELETED, chat, thread_id, path):
        topic.deleted = True
        for message_id in topic.message_ids:
            chat.messages[message_id].deleted = True
    if topic and method.startswith("send") and _strikes(call, Fault.TOPIC_CLOSED, chat, thread_id, path):
        topic.closed = True


def _strikes(call: Call, fault: Fault, chat: Chat, thread_id: int, path: str) -> bool:
    """Once for each group or topic that existed when the fault was armed, so that what is made anew stays whole."""
    doomed = (fault, chat.id, thread_id)
    if doomed not in call.telegram.doomed or not call.telegram.faults.strikes(Side.TELEGRAM, fault, path):
        return False
    call.telegram.doomed.discard(doomed)
    return True
