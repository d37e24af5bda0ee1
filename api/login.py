"""Proof of a password, the same for clients and staff: limits of failures first, then the same work for everybody."""

from api.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, Limits
from api.origin import Origin
from api.passwords import Checked, Passwords
from domain.errors import BadCredentials


async def prove(
    passwords: Passwords, limits: Limits, account: str, origin: Origin, stored: str | None, password: str, refusal: str
) -> Checked:
    """Silence and perhaps a newer hash to store, else `BadCredentials(refusal)` or `TooManyRequests`.

    `account` is `client:{phone}` or `manager:{e-mail}`, whether there is one or not; `stored` None: there is none. The
    limits are asked once more with the turn in hand, so that guesses made at the same time cannot all pass them.
    """
    counted = ((LOGIN_ACCOUNT, account), (LOGIN_ADDRESS, origin.network))
    await limits.check(*counted)
    async with passwords.turn():
        await limits.check(*counted)
        checked = await passwords.check(stored, password)
        if not checked.ok:
            await limits.count(*counted)
    if not checked.ok:
        raise BadCredentials(refusal)
    return checked
