"""Who the client is: his bearer token, his session and his row, in one statement."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.context import Ctx
from api.http.observability import note_caller
from api.machines.tokens import REFUSED
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, Unavailable
from models import User, UserSession

_bearer: Final = HTTPBearer(
    auto_error=False, scheme_name="ClientToken", description="`access_token` of `/api/v1/auth/login`, 15 minutes long."
)

SIGNED_IN: Final = (NotAuthenticated, NotAllowed, InvalidValue, Unavailable)
"""What every route of a signed-in client can refuse with."""


@dataclass(frozen=True)
class SignedIn:
    user: User
    session_id: UUID


async def signed_in(
    request: Request, ctx: Ctx, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> SignedIn:
    """A session that was ended lets nobody in, though its token may live for minutes yet."""
    if credentials is None:
        raise NotAuthenticated(REFUSED)
    claims = ctx.client_tokens.read(credentials.credentials)
    if claims.session is None:
        raise NotAuthenticated(REFUSED)
    async with ctx.autocommit() as session:
        found = await UserSession.with_user(session, claims.session, claims.subject)
    if found is None or found[0].revoked_at is not None or ctx.now() >= found[0].expires_at:
        raise NotAuthenticated(REFUSED)
    note_caller(request, "client", found[1].id)
    not_blocked(found[1])
    return SignedIn(found[1], found[0].id)


async def current_user(signed: Annotated[SignedIn, Depends(signed_in)]) -> User:
    return signed.user


CurrentSession = Annotated[SignedIn, Depends(signed_in)]
CurrentUser = Annotated[User, Depends(current_user)]


def not_blocked(user: User) -> None:
    if user.blocked_at is not None:
        raise NotAllowed("Доступ закрыт. Обратитесь в поддержку.")
