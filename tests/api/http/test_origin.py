"""From where a request came."""

import pytest
from starlette.requests import Request

from api.http.origin import origin_of


def request(host: str | None, agent: bytes = b"") -> Request:
    client = (host, 1) if host is not None else None
    return Request({"type": "http", "headers": [(b"user-agent", agent)], "client": client})


@pytest.mark.parametrize(
    ("host", "ip", "network"),
    [
        ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("testclient", None, "-"),
        (None, None, "-"),
    ],
)
async def test_limits_count_a_household_as_one(host: str | None, ip: str | None, network: str) -> None:
    origin = await origin_of(request(host))
    assert (origin.ip, origin.network) == (ip, network)


async def test_a_user_agent_is_bounded_and_readable() -> None:
    assert (await origin_of(request("::1", b"Mozilla\x00\n/5.0 "))).user_agent == "Mozilla/5.0"
    assert len((await origin_of(request("::1", b"x" * 9000))).user_agent or "") == 500
    assert (await origin_of(request("::1"))).user_agent is None
