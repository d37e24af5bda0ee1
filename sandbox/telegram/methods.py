"""The Bot API methods that the sandbox knows, by the name in the address."""

from sandbox.telegram import about, messages, sending, topics
from sandbox.telegram.calls import Method

METHODS: dict[str, Method] = {
    "getMe": about.get_me,
    "getWebhookInfo": about.get_webhook_info,
    "setWebhook": about.set_webhook,
    "deleteWebhook": about.delete_webhook,
    "getUpdates": about.get_updates,
    "getFile": about.get_file,
    "getChat": about.get_chat,
    "getChatMember": about.get_chat_member,
    "setMyCommands": about.set_my_commands,
    "getMyCommands": about.get_my_commands,
    "answerCallbackQuery": about.answer_callback_query,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendVoice": sending.send_voice,
    "sendDocument": sending.send_document,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic,
    "deleteForumTopic": topics.delete_forum_topic,
    "editMessageText": messages.edit_message_text,
    "deleteMessage": messages.delete_message,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "setMessageReaction": messages.set_message_reaction,
}
BY_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
"""The Bot API does not mind the case."""
CHANGING = frozenset(METHODS) - {
    *("getMe", "getWebhookInfo", "getUpdates", "getFile", "getChat", "getChatMember", "getMyCommands"),
    *("sendChatAction", "answerCallbackQuery"),
}
