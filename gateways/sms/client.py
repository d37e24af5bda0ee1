"""SMS.ru over HTTP: each method is one call with a value or an outcome; no retries.

The server answers HTTP 200 to errors too; what happened is the status of the one number (sms.ru/api/send, /api/status).
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httpx

from gateways.http_outcome import refusal, translated
from gateways.outcome import NotDone, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown

ACCEPTED: Final = frozenset({100, 101, 102, 103})
DELIVERED: Final = frozenset({103, 110})
"""On the phone; 110 is read, where the network tells."""

LOST: Final = frozenset({104, 105, 106, 107, 108, 150})
"""Expired, removed, the phone's fault, unknown reason, rejected, no route: final."""

NOT_FOUND: Final = -1

_TRY_LATER: Final = frozenset({220, 500})
_MINUTE, _DAY = 60.0, 86_400.0
_TOO_MANY: Final = {230: _DAY, 231: _MINUTE, 232: _DAY, 233: _MINUTE}
"""To this number a day, the same text a minute, the same text a day, codes too often; with seconds to wait."""

_ACCOUNT: Final = frozenset({200, 300, 301, 302})
_MONEY: Final = frozenset({201, 206})
ALARMS: Final = frozenset({*_ACCOUNT, *_MONEY, 203, 204, 205, 210, 211, 212, 213, 221})
"""Not the number's fault: key, account, money, own limit, the sender's name, or a fault of ours; the operator acts."""


@dataclass(frozen=True)
class SmsStatus:
    """`code` of SMS.ru."""

    code: int

    @property
    def delivered(self) -> bool:
        return self.code in DELIVERED

    @property
    def lost(self) -> bool:
        return self.code in LOST


class SmsRu:
    """`base` without a slash at the end; the key goes in the body, never in an address."""

    def __init__(self, http: httpx.AsyncClient, base: str, key: str) -> None:
        self._http, self._base, self._key = http, base, key

    async def send(self, phone: str, text: str, *, ttl_minutes: int | None = None, ip: str | None = None) -> str:
        """Send to ten Russian digits; returns the provider's id. `ip` of the person who asked for it.

        Raises `NotDone` (may be repeated), `TooMany`, `Rejected` with the provider's code as `status`, or `Unknown`: a
        time-out or an unreadable answer, after which the SMS may have gone.
        """
        number = f"7{phone}"
        fields = {"to": number, "msg": text}
        if ttl_minutes is not None:
            fields["ttl"] = str(ttl_minutes)
        if ip is not None:
            fields["ip"] = ip
        answer = await self._call("/sms/send", fields)
        one = _inner(answer, number)
        code = _code(one)
        if code not in ACCEPTED:
            raise _outcome(code)
        sms_id = one.get("sms_id")
        # Accepted without an id: it has gone, and nobody can be asked what became of it.
        return sms_id if isinstance(sms_id, str) else ""

    async def status(self, sms_id: str) -> SmsStatus | None:
        """None: the provider does not know the id. Raises as `send`."""
        answer = await self._call("/sms/status", {"sms_id": sms_id})
        code = _code(_inner(answer, sms_id))
        if code == NOT_FOUND:
            return None
        if code in ACCEPTED | DELIVERED | LOST:
            return SmsStatus(code)
        raise _outcome(code)

    async def _call(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        """The answer of a call that was understood; raises the outcome of one that was refused as a whole."""
        form = {"api_id": self._key, "json": "1", **fields}
        with translated():
            response = await self._http.post(f"{self._base}{path}", data=form)
        if response.status_code != HTTPStatus.OK:
            raise refusal(response.status_code, "", response.headers)
        try:
            answer = response.json()
        except ValueError:
            raise Unknown("not JSON") from None
        if not isinstance(answer, dict):
            raise Unknown("not an object")
        if answer.get("status") != "OK":
            raise _outcome(_code(answer))
        return answer


def _inner(answer: dict[str, Any], key: str) -> dict[str, Any]:
    """What is said of the one number or message."""
    listed = answer.get("sms")
    one = listed.get(key) if isinstance(listed, dict) else None
    if not isinstance(one, dict):
        raise Unknown("nothing is said of the message")
    return one


def _code(said: dict[str, Any]) -> int:
    code = said.get("status_code")
    if isinstance(code, str) and code.removeprefix("-").isdecimal():
        code = int(code)
    if not isinstance(code, int) or isinstance(code, bool):
        raise Unknown("no status")
    return code


def _outcome(code: int) -> Exception:
    """The error of a code; its text is the code alone: the provider's may name the number."""
    said = f"sms.ru {code}"
    if code in _TRY_LATER:
        return NotDone(said)
    if code in _TOO_MANY:
        return TooMany(said, _TOO_MANY[code])
    if code in _ACCOUNT:
        return Unauthorised(code, "account")
    if code in _MONEY:
        return PaymentRequired(code, "money")
    if code in ACCEPTED:
        return Unknown(said)
    return Rejected(code, "refused")
