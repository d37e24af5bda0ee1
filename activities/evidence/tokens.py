"""Stamps as files: a whole response (RFC 3161, 2.4.2) around a token, and what a token says."""

from asn1crypto import cms, pem, tsp, x509
from pyhanko.keys import load_certs_from_pemder_data

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def as_response(token: bytes) -> bytes:
    """What `openssl ts -verify -in` reads."""
    granted = tsp.PKIStatusInfo({"status": "granted"})
    return bytes(tsp.TimeStampResp({"status": granted, "time_stamp_token": cms.ContentInfo.load(token)}).dump())


def token_of(response: bytes) -> bytes:
    """The token of a response; raises ValueError for anything but the response that `as_response` makes of it."""
    try:
        token = bytes(tsp.TimeStampResp.load(response, strict=True)["time_stamp_token"].dump())
        same = as_response(token) == response
    except _UNREADABLE as error:
        raise ValueError("no time stamp response") from error
    if not same:
        raise ValueError("no time stamp response")
    return token


def imprint_of(token: bytes) -> bytes:
    """The digest that was stamped; raises ValueError."""
    try:
        info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
        return bytes(info["message_imprint"]["hashed_message"].native)
    except _UNREADABLE as error:
        raise ValueError("no time stamp") from error


def certificates_in(token: bytes) -> list[x509.Certificate]:
    """The certificates that came with a stamp, the authority's own among them; raises ValueError."""
    try:
        chosen = [one.chosen for one in cms.ContentInfo.load(token)["content"]["certificates"]]
    except _UNREADABLE as error:
        raise ValueError("no time stamp") from error
    return [one for one in chosen if isinstance(one, x509.Certificate)]


def to_pem(certificates: list[bytes]) -> bytes:
    """Certificates (DER) one after another."""
    return b"".join(pem.armor("CERTIFICATE", der).replace(b"\r\n", b"\n") for der in certificates)


def from_pem(data: bytes) -> list[bytes]:
    """The certificates (DER) of a file that `to_pem` wrote; raises ValueError for anything else in it."""
    try:
        found = [bytes(der) for _, _, der in pem.unarmor(data, multiple=True)] if data else []
        same = to_pem(found) == data
    except _UNREADABLE as error:
        raise ValueError("no certificates") from error
    if not same:
        raise ValueError("not only certificates")
    return found


def certificates_of(data: bytes) -> list[bytes]:
    """The certificates (DER) of any PEM or DER file; raises ValueError if there are none."""
    found = [bytes(one.dump()) for one in load_certs_from_pemder_data(data)]
    if not found:
        raise ValueError("no certificates")
    return found
