"""Authentication of clients: the bearer token, and its session and user, read in one statement."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from activities.people.rights import check_not_blocked
from api.context import Ctx
from api.http.observability import note_caller
from domain.kernel.refusal import NotAuthenticated
from domain.people.confirmation import has_proven
from domain.people.session import NOT_SIGNED_IN
from models import User, UserSession

_bearer: Final = HTTPBearer(
    auto_error=False, scheme_name="ClientToken", description="`access_token` of `/api/v1/auth/login`, 15 minutes long."
)


@dataclass(frozen=True)
class SignedIn:
    """`has_proven`: the phone that the account has now was proven in this session."""

    user: User
    session_id: UUID
    has_proven: bool = False


async def signed_in(
    request: Request, ctx: Ctx, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> SignedIn:
    """Checks token and session: a token of an ended session is refused before its own expiry."""
    if credentials is None:
        raise NotAuthenticated(NOT_SIGNED_IN)
    claims = ctx.client_tokens.read(credentials.credentials)
    async with ctx.autocommit() as session:
        found = await UserSession.with_user(session, claims.session, claims.subject)
    if found is None or found[0].revoked_at is not None or ctx.now() >= found[0].expires_at:
        raise NotAuthenticated(NOT_SIGNED_IN)
    note_caller(request, "client", found[1].id)
    check_not_blocked(found[1])
    proven = found[1].phone_is_confirmed and has_proven(found[1].phone_confirmed_at, found[0].phone_proved_at)
    return SignedIn(found[1], found[0].id, proven)


async def current_user(signed: Annotated[SignedIn, Depends(signed_in)]) -> User:
    return signed.user


CurrentSession = Annotated[SignedIn, Depends(signed_in)]
CurrentUser = Annotated[User, Depends(current_user)]
