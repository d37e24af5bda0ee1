"""Whether staff worked where a client acts: the same browser, or the same network (ADR 0028)."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final, Self

from domain.people.origin import Origin

REMEMBERED: Final = timedelta(hours=24)
"""Whoever worked at a place within this time is near it."""

_COOKIE: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")


class Act(StrEnum):
    """What a client did, or a member of staff at the client's place after it."""

    REGISTERED = "registered"
    SIGNED = "signed"
    STAFF_CAME = "staff-came"
    """Somebody signed in where the client had signed."""


class Reason(StrEnum):
    """From the strongest to the weakest."""

    BROWSER = "browser"
    """The same browser, by its cookie."""

    DEVICE = "device"
    """The same network and the same User-Agent."""

    NETWORK = "network"
    """The same network. A mobile operator gives one address to many people: a hint, no proof."""


@dataclass(frozen=True)
class Place:
    """Where somebody acts. `browser` is a digest of the browser's cookie; `network` is None where none is known."""

    network: str | None
    user_agent: str | None
    browser: bytes | None = None

    @classmethod
    def of(cls, origin: Origin, cookie: str | None) -> Self:
        return cls(_network(origin), origin.user_agent, digest_of(cookie))

    @property
    def is_known(self) -> bool:
        return self.network is not None or self.browser is not None

    def reasons(self, staff: "Place") -> set[Reason]:
        """Why `staff` is near; empty if nothing says so."""
        found = set()
        if self.browser is not None and self.browser == staff.browser:
            found.add(Reason.BROWSER)
        if self.network is not None and self.network == staff.network:
            same = self.user_agent is not None and self.user_agent == staff.user_agent
            found.add(Reason.DEVICE if same else Reason.NETWORK)
        return found


def digest_of(cookie: str | None) -> bytes | None:
    """Of the browser's cookie, which is stored nowhere; None for one that we have not made."""
    if cookie is None or not _COOKIE.fullmatch(cookie):
        return None
    return hashlib.sha256(b"browser:" + cookie.encode()).digest()


def _network(origin: Origin) -> str | None:
    """An IPv4 address or the /64 of an IPv6 address, which one household or office has.

    A /24 of IPv4 would be strangers. The loopback is no network: behind a proxy that is not trusted all come from it.
    """
    if origin.ip is None or ip_address(origin.ip).is_loopback:
        return None
    return origin.network


def in_order(reasons: Collection[Reason]) -> list[Reason]:
    return [reason for reason in Reason if reason in reasons]
