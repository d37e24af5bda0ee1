"""The address and the user agent of a request."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_IPV6_HOME: Final = 64
"""Prefix length of one household or server: a caller can use any address within it."""


@dataclass(frozen=True)
class Origin:
    """`ip` of the peer, or as forwarded by a proxy of TRUSTED_PROXIES (checked by the server); None for a socket."""

    ip: str | None
    user_agent: str | None

    @property
    def network(self) -> str:
        """The key of rate limits: an IPv4 address, or the /64 of an IPv6 address."""
        if self.ip is None:
            return "-"
        address = ip_address(self.ip)
        if isinstance(address, IPv6Address):
            return str(ip_network((address, _IPV6_HOME), strict=False))
        return str(address)
