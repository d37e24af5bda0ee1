"""Reads the origin of a request from its connection and headers."""

from ipaddress import IPv6Address, ip_address
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from domain.kernel import sizes
from domain.people.origin import Origin


# Async, because FastAPI runs plain functions in threads.
async def origin_of(request: HTTPConnection) -> Origin:
    agent = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Origin(_address(request.client.host) if request.client else None, agent[: sizes.LONG_LINE].strip() or None)


CallerOrigin = Annotated[Origin, Depends(origin_of)]


def _address(host: str) -> str | None:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
