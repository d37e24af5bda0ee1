"""What the warnings of a card say to staff."""

from typing import Final, assert_never

from domain.people.nearby import Act, Reason

WHERE: Final = {
    Reason.BROWSER: "в браузере, в котором работал сотрудник",
    Reason.DEVICE: "из той же сети и с такого же браузера, что у сотрудника",
    Reason.NETWORK: "из сети, из которой работал сотрудник (у мобильных операторов адрес бывает общим)",
}


def nearby(act: Act, reason: Reason) -> str:
    """What was noticed, and what to do about it."""
    match act:
        case Act.REGISTERED:
            return (
                f"Учётная запись клиента создана {WHERE[reason]} в течение суток до этого. "
                "Убедитесь, что её создал сам клиент."
            )
        case Act.SIGNED:
            return (
                f"Договор подписан {WHERE[reason]} в течение суток до этого. "
                "Свяжитесь с клиентом по другому каналу и убедитесь, что подписал он сам."
            )
        case Act.STAFF_CAME:
            return (
                "На устройстве, с которого клиент подписал договор, в течение суток вошёл сотрудник. "
                "Выясните, чьё это устройство."
            )
        case _:
            assert_never(act)
