"""Whether it is the client who signs: his phone is confirmed, and this session has proven it."""

from typing import Final
from uuid import UUID

from activities.clients.step import ClientStep
from domain.kernel.actor import ActorKind
from domain.people.confirmation import has_proven
from domain.people.refusals import CodeExpired, PhoneUnconfirmed
from models import Code, Contract, User, UserSession

NOT_HERE: Final = "Подтвердите номер телефона на этом устройстве и повторите подпись."
NOT_YET: Final = (
    "Клиент ещё не подтвердил свой номер телефона. Попросите его подтвердить номер в своём приложении: "
    "без этого договор не подписать."
)
EARLIER: Final = "Этот код отправлен до того, как клиент подтвердил номер. Запросите новый код."


async def check_signer(step: ClientStep, contract: Contract) -> None:
    """Raises `PhoneUnconfirmed` before anything is said of a code; the client's row is locked.

    The client signs in a session that has proven his phone: a password alone is not enough, because whoever made the
    account knows it. A manager enters a code of an account with a confirmed phone; a code that was sent before the
    confirmation could be read in any session, so on his device it is `CodeExpired`.
    """
    user = await step.session.get_one(User, step.client.user_id, populate_existing=True)
    by_client = step.actor.kind is ActorKind.CLIENT
    if not user.phone_is_confirmed:
        raise PhoneUnconfirmed(NOT_HERE if by_client else NOT_YET)
    if by_client:
        await require_proven_session(step)
        return
    code = await Code.newest(step.session, contract.id)
    if code is not None and user.phone_confirmed_at is not None and code.sent_at <= user.phone_confirmed_at:
        raise CodeExpired(EARLIER)


async def require_proven_session(step: ClientStep) -> None:
    """Raises `PhoneUnconfirmed` unless the client's session has proven the phone that the account has now."""
    user = await step.session.get_one(User, step.client.user_id, populate_existing=True)
    own = await _session_of(step)
    if not user.phone_is_confirmed or own is None or not has_proven(user.phone_confirmed_at, own.phone_proved_at):
        raise PhoneUnconfirmed(NOT_HERE)


async def _session_of(step: ClientStep) -> UserSession | None:
    """The session of the request; None for a request that was made before sessions were noted."""
    named = step.payload.get("session_id")
    return await UserSession.live(step.session, UUID(named), step.client.user_id, step.at) if named else None
