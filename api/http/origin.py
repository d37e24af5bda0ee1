"""From where and with what a request came, as far as it can be trusted."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import HTTPConnection

LONGEST_AGENT: Final = 500
_IPV6_HOME: Final = 64
"""Bits: what one household or server gets, so what one caller can choose addresses from."""


@dataclass(frozen=True)
class Origin:
    """`ip` is the peer's, or what a proxy named in TRUSTED_PROXIES says (the server judged that); None: a socket."""

    ip: str | None
    user_agent: str | None

    @property
    def network(self) -> str:
        """What limits count by: an IPv4 address, or the /64 that an IPv6 address is one of."""
        if self.ip is None:
            return "-"
        address = ip_address(self.ip)
        if isinstance(address, IPv6Address):
            return str(ip_network((address, _IPV6_HOME), strict=False))
        return str(address)


# Async, because FastAPI would send a plain function to a thread.
async def origin_of(request: HTTPConnection) -> Origin:
    agent = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Origin(_address(request.client.host) if request.client else None, agent[:LONGEST_AGENT].strip() or None)


CallerOrigin = Annotated[Origin, Depends(origin_of)]


def _address(host: str) -> str | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
