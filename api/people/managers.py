"""Log-in of managers with the onboarding right."""

from activities.people.rights import check_onboards
from api.context import Ctx
from api.http.origin import CallerOrigin
from api.http.problems import ASKED, problems
from api.http.route import router
from api.people.access import CurrentManager
from api.people.manager_session import Keeping, Login, Token
from api.people.shapes import Me
from domain.kernel.refusal import NotAllowed, TooManyRequests
from domain.people.refusals import BadCredentials

routes = router("session", "/auth")


@routes.post("/login", response_model=Token, responses=problems(BadCredentials, NotAllowed, TooManyRequests))
async def log_in(body: Login, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """One answer for an unknown address and a wrong password, after the same work."""
    return await keeper.signed_in(await ctx.sign_in.manager(body.email, body.password, origin, check_onboards))


@routes.get("/me", response_model=Me, responses=problems(*ASKED))
async def who_am_i(manager: CurrentManager) -> Me:
    return Me.model_validate(manager)
