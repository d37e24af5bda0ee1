"""The Bot API as far as the product uses it: bots, forum groups with topics, private chats, updates."""
