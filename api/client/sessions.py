"""The access and refresh tokens of a client's app."""

from pydantic import Field

from activities.people.client_sessions import Opened
from api.context import Context
from api.http.shapes import Shape


class TokenPair(Shape):
    access_token: str
    refresh_token: str = Field(description="Good for one use: its answer holds the next one.")
    token_type: str = "bearer"  # noqa: S105 - a name of RFC 6750
    expires_in: int = Field(description="Seconds that `access_token` lives.", examples=[900])


def pair_of(ctx: Context, opened: Opened) -> TokenPair:
    return TokenPair(
        access_token=ctx.client_tokens.issue(opened.user_id, opened.session_id),
        refresh_token=opened.refresh_token,
        expires_in=ctx.client_tokens.expires_in,
    )
