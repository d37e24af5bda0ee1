"""What a fresh sandbox begins with: two bots, a group, an Avito account and two chats that wait for an answer."""

from sandbox.avito.records import Item, Via
from sandbox.avito.state import Avito
from sandbox.telegram.state import Telegram

BOT_TOKEN = "1000000001:SANDBOX-bot-token-for-privet-0000001"  # noqa: S105 - made up, opens nothing
MASTER_BOT_TOKEN = "1000000002:SANDBOX-master-bot-token-000000002"  # noqa: S105 - made up, opens nothing
BOT_USERNAME, MASTER_BOT_USERNAME = "privet_demo_bot", "privet_master_bot"
GROUP_CHAT_ID = -1001000000001
AVITO_CLIENT_ID = "sandbox-client"
AVITO_CLIENT_SECRET = "sandbox-secret-1234567890"  # noqa: S105 - made up, opens nothing
AVITO_USER_ID = 94235311
BICYCLE_CHAT, PHONE_CHAT = "u2i-demo~bicycle", "u2i-demo~phone"

CHATS = (
    (
        *(BICYCLE_CHAT, "Ольга", "Здравствуйте! Велосипед ещё продаётся?"),
        Item(
            *(1768287401, "Велосипед Stels Navigator 500", "12 500 ₽"),
            *("https://www.avito.ru/moskva/velosipedy/velosiped_stels_navigator_500_1768287401", "Москва"),
        ),
    ),
    (
        *(PHONE_CHAT, "Дмитрий", "Добрый день. Торг уместен?"),
        Item(
            *(1768287402, "iPhone 13, 128 ГБ", "38 900 ₽"),
            *("https://www.avito.ru/himki/telefony/iphone_13_128_gb_1768287402", "Химки"),
        ),
    ),
)


def sow(telegram: Telegram, avito: Avito) -> None:
    """Into an empty state only."""
    bot = telegram.add_bot(BOT_TOKEN, BOT_USERNAME, "Привет")
    telegram.add_bot(MASTER_BOT_TOKEN, MASTER_BOT_USERNAME, "Привет: вход")
    telegram.add_group("Продажи", [bot], chat_id=GROUP_CHAT_ID)
    account = avito.add_account(
        user_id=AVITO_USER_ID, client_id=AVITO_CLIENT_ID, client_secret=AVITO_CLIENT_SECRET, name="Лавка «Привет»"
    )
    for chat_id, buyer, text, item in CHATS:
        chat = avito.add_chat(account, chat_id=chat_id, buyer_name=buyer, item=item)
        avito.write_text(account, chat, Via.BUYER, text)
