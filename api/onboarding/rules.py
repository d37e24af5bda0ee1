"""Rules of the installation that the app shows to its users."""

from activities.files.uploads import SUFFIXES
from api.context import Ctx
from api.http.problems import ASKED, problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.access import CurrentManager
from domain.kernel import sizes

routes = router("rules", "/rules")


class Rules(Shape):
    """Of a code: seconds between two, seconds of its life, tries; of a photo: bytes and types."""

    otp_resend_seconds: int
    otp_ttl_seconds: int
    otp_max_attempts: int
    business_timezone: str
    max_photo_bytes: int
    photo_types: list[str]


@routes.get("", response_model=Rules, responses=problems(*ASKED))
async def show_rules(ctx: Ctx, _: CurrentManager) -> Rules:
    return Rules(
        otp_resend_seconds=ctx.settings.otp_resend_seconds,
        otp_ttl_seconds=ctx.settings.otp_ttl_seconds,
        otp_max_attempts=ctx.settings.otp_max_attempts,
        business_timezone=ctx.settings.business_timezone,
        max_photo_bytes=sizes.PHOTO,
        photo_types=list(SUFFIXES),
    )
