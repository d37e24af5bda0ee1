"""Checks of an account's state and rights."""

from typing import Final

from domain.kernel.refusal import NotAllowed, NotAuthenticated
from domain.people.session import NOT_SIGNED_IN
from models.people.manager import Manager
from models.people.user import User

DISABLED: Final = "Учётная запись отключена. Обратитесь к администратору."
NO_RIGHT: Final = "У вашей учётной записи нет права вести клиентов. Обратитесь к администратору."
BLOCKED: Final = "Доступ закрыт. Обратитесь в поддержку."


def check_employed(manager: Manager | None) -> Manager:
    """The manager, if the account exists and is enabled; conversations require no other right."""
    if manager is None:
        raise NotAuthenticated(NOT_SIGNED_IN)
    if manager.disabled_at is not None:
        raise NotAllowed(DISABLED)
    return manager


def check_onboards(manager: Manager | None) -> Manager:
    """The manager, if the account is enabled and has the onboarding right."""
    if not check_employed(manager).can_onboard:
        raise NotAllowed(NO_RIGHT)
    return check_employed(manager)


def check_not_blocked(user: User) -> None:
    if user.blocked_at is not None:
        raise NotAllowed(BLOCKED)
