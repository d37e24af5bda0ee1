"""The managers' session."""

from api.context import Ctx
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.onboarding.access import CurrentManager, allowed
from api.onboarding.card import ASKED
from api.onboarding.shapes import Me
from api.people.login import Login, Token, log_in_manager
from api.people.manager_session import Keeping
from domain.kernel.refusal import NotAllowed, TooManyRequests
from domain.people.refusals import BadCredentials

routes = router("session", "/auth")


@routes.post("/login", response_model=Token, responses=problems(BadCredentials, NotAllowed, TooManyRequests))
async def log_in(body: Login, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """One answer for an unknown address and a wrong password, after the same work."""
    return await keeper.signed_in(await log_in_manager(ctx, body, origin, allowed))


@routes.get("/me", response_model=Me, responses=problems(*ASKED))
async def who_am_i(manager: CurrentManager) -> Me:
    return Me.model_validate(manager)
