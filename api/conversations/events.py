"""The stream of live events of an organisation."""

from typing import Final

from fastapi import Response

from api.context import Ctx
from api.http.problems import ASKED, problems
from api.http.route import router
from api.machines.event_stream import EventStream
from api.machines.live import Reader
from api.people.access import CurrentStaff, ManagerClaims
from domain.kernel.refusal import TooManyRequests

EXAMPLE: Final = 'event: hello\ndata: {}\n\nevent: dialog\ndata: {"id":"7b6c…"}\n\n: ping\n\nevent: bye\ndata: {}\n\n'

routes = router("conversations: events", "/events")


@routes.get(
    "",
    response_class=EventStream,
    status_code=200,
    responses={
        200: {"content": {"text/event-stream": {"example": EXAMPLE}}, "description": "A stream without an end."},
        **problems(*ASKED, TooManyRequests),
    },
)
async def follow(ctx: Ctx, claims: ManagerClaims, staff: CurrentStaff) -> Response:
    """Ids of what has changed: `client` (with the onboarding right), `dialog`, `bot`, `account`; `organisation` alone.

    `hello` comes first, and again when something may have been missed: everything that is shown is to be asked for
    anew. `bye` is the server's end: the token has run out, the session has ended, the rights have changed, or it
    restarts. Nothing is replayed; a line `: ping` every 15 s.
    """
    stream = ctx.live.join(Reader.of(staff, claims.session))
    try:
        # What ended the session between its check and `join` was told to nobody.
        await ctx.live.check(stream)
    except BaseException:
        ctx.live.leave(stream)
        raise
    return EventStream(ctx.live, stream, claims.expires - ctx.now().timestamp())
