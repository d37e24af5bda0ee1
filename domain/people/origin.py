"""The address and the program that a request came from."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_IPV6_HOME: Final = 64
"""Bits of the prefix that one household or server gets, so one caller can choose any address below it."""


@dataclass(frozen=True)
class Origin:
    """`ip` is the peer's, or what a proxy named in TRUSTED_PROXIES says (the server judged that); None: a socket."""

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
