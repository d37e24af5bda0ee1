"""A bundle under check: its files, what was read of them, and the certificates by which it is believed."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from asn1crypto import x509

from activities.evidence.report import Contradiction, Report
from activities.evidence.tokens import imprint_of, token_of
from documents.evidence.bundle import BadBundle
from domain.evidence.trail import BadTrail, TrailEvent
from gateways.stamping.token import BadToken, Stamp, check_token

ODD: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What data of another form than expected raises."""


@dataclass(frozen=True)
class Trusted:
    """Certificates (DER) that the reader got elsewhere; empty: those of the bundle are believed and shown."""

    seals: Sequence[bytes] = ()
    authorities: Sequence[bytes] = ()


@dataclass
class Opened:
    """`seals` and `authorities` are believed; `sealed_by` and `stamped_by` have vouched for something."""

    files: Mapping[str, bytes]
    about: Mapping[str, Any]
    trusted: Trusted
    report: Report
    events: list[TrailEvent] = field(default_factory=list)
    seals: list[bytes] = field(default_factory=list)
    authorities: list[bytes] = field(default_factory=list)
    sealed_by: set[bytes] = field(default_factory=set)
    stamped_by: set[bytes] = field(default_factory=set)

    def step(self, name: str, check: Callable[[], None]) -> bool:
        """Whether nothing was wrong; the reason goes into the report."""
        try:
            check()
        except (BadTrail, BadBundle, Contradiction) as bad:
            self.report.bad(f"{name}: {bad}")
        except ODD:
            self.report.bad(f"{name}: данные неизвестного вида")
        else:
            return True
        return False

    async def async_step(self, name: str, check: Callable[[], Awaitable[None]]) -> bool:
        try:
            await check()
        except (BadTrail, BadBundle, Contradiction) as bad:
            self.report.bad(f"{name}: {bad}")
        except BadToken:
            self.report.bad(f"{name}: метка времени не подтверждается")
        except ODD:
            self.report.bad(f"{name}: данные неизвестного вида")
        else:
            return True
        return False

    def event(self, verb: str, contract_id: str) -> TrailEvent:
        found = [one for one in self.events if one.verb == verb and one.details.get("contract_id") == contract_id]
        if len(found) != 1:
            raise Contradiction(f"в истории нет единственного события {verb}")
        return found[0]

    async def stamp(self, response: bytes, data: bytes) -> Stamp:
        """The stamp of `data` by one of the authorities; raises BadToken."""
        token, digest = token_of(response), hashlib.sha256(data).digest()
        if imprint_of(token) != digest:
            raise Contradiction("метка времени поставлена на другие данные")
        for der in self.authorities:
            try:
                stamp = await check_token(token, digest, [x509.Certificate.load(der)])
            except BadToken:
                continue
            self.stamped_by.add(der)
            return stamp
        raise BadToken("no authority of the bundle")

    def file(self, path: str) -> bytes:
        if path not in self.files:
            raise Contradiction(f"нет файла {path}")
        return self.files[path]

    def sha256(self, path: str) -> str:
        return hashlib.sha256(self.file(path)).hexdigest()
