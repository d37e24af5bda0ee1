"""Public: the newest daily anchors of all trails, and the seals' fingerprints. Roots and counts, no client's data."""

from datetime import date
from typing import Annotated, Final

from fastapi import Query

from activities.kernel.limits import VERIFY_ADDRESS
from api.context import Ctx
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from domain.kernel.refusal import InvalidValue, TooManyRequests
from models import SealCertificate
from models.evidence.anchor import Published, published

MOST: Final = 100

routes = router("public: is this contract genuine")


class PublicAnchor(Shape):
    """`sha256` is of the file; both links last five minutes. Without a stamp its fields are null."""

    name: str
    day: date
    made_at: Moment
    count: int
    root: str
    sha256: str
    file_url: str | None
    stamped_at: Moment | None
    authority: str | None
    stamp_url: str | None


class PublicSeal(Shape):
    """`sha256` is of the certificate (DER); what was sealed since `revoked_from` is worth nothing."""

    sha256: str
    revoked_from: Moment | None


class PublicAnchors(Shape):
    """Newest first."""

    anchors: list[PublicAnchor]
    seals: list[PublicSeal]


@routes.get("/contracts/anchors", responses=problems(InvalidValue, TooManyRequests))
async def list_anchors(
    ctx: Ctx, origin: CallerOrigin, limit: Annotated[int, Query(ge=1, le=MOST)] = 30
) -> PublicAnchors:
    """What was published of the trails: whoever has an anchor can show that no trail under it was rewritten since."""
    await ctx.limits.spend(VERIFY_ADDRESS, origin.network)
    return await newest_anchors(ctx, limit)


async def newest_anchors(ctx: Ctx, limit: int) -> PublicAnchors:
    async with ctx.sessions() as session:
        anchors, seals = await published(session, limit), await SealCertificate.all(session)
    return PublicAnchors(
        anchors=[_shown(ctx, one) for one in anchors],
        seals=[PublicSeal(sha256=one.sha256, revoked_from=one.revoked_from) for one in seals],
    )


def _shown(ctx: Ctx, one: Published) -> PublicAnchor:
    anchor, stamp = one.anchor, one.stamp
    return PublicAnchor(
        name=anchor.name,
        day=anchor.day,
        made_at=anchor.made_at,
        count=anchor.leaves,
        root=anchor.root.hex(),
        sha256=anchor.sha256,
        file_url=ctx.link(anchor.file_key),
        stamped_at=stamp.stamped_at if stamp else None,
        authority=stamp.authority if stamp else None,
        stamp_url=ctx.link(stamp.token_key) if stamp else None,
    )
