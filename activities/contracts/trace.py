"""The trace of a signature: collected from the rows at its moment, and read back for whoever seals or prints it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.clients.step import ClientStep
from domain.contracts.contract import from_json
from domain.contracts.signature import ConfirmChannel, Trace, canonical, moment, trace_fields, trace_holds
from domain.contracts.trace import (
    Account,
    Agreement,
    Entered,
    Opening,
    Session,
    SignatureTrace,
    Way,
    document_holds,
    read_document,
)
from domain.contracts.trace import Code as EnteredCode
from domain.kernel.actor import ActorKind
from domain.kernel.crypto import Keyring, NamedSecrets
from domain.kernel.phone import known_phone
from models import Accession, Code, Contract, ContractOpening, User, UserSession
from models.contracts.contract import SNAPSHOT, TRACE
from models.deliveries.delivery import DeliveryAttempt

SESSION = "session_id"
"""In the payload of the client's signature: his own session."""

STAFF_NEARBY = "staff_nearby"
"""In the payload of a signature: reasons to suspect staff at the client's device."""


async def collected(step: ClientStep, contract: Contract, agreement: Accession) -> SignatureTrace:
    """Everything that is known about the signature of `contract`, which has its columns already."""
    by_client = step.actor.kind is ActorKind.CLIENT
    user = await step.session.get_one(User, step.client.user_id)
    session_id = _id(step.payload.get(SESSION)) if by_client else None
    snapshot = from_json(step.keyring.decrypt(SNAPSHOT, contract.snapshot))
    code = await Code.newest(step.session, contract.id)
    ip, user_agent = step.payload.get("ip"), step.payload.get("user_agent")
    return SignatureTrace(
        contract_id=str(contract.id),
        contract_number=contract.number,
        version=contract.version,
        document_sha256=contract.sha256 or "",
        client_id=str(contract.client_id),
        signed_at=_text(contract.signed_at) or "",
        confirm_channel=ConfirmChannel.CLIENT_APP if by_client else ConfirmChannel.MANAGER_DEVICE,
        account=_account(user, snapshot.client_phone),
        session=await _session(step, session_id),
        code=await _code(step, code),
        openings=await _openings(step, contract.id, session_id),
        agreement=Agreement(
            version=agreement.version,
            sha256=agreement.sha256,
            agreed_at=_text(agreement.agreed_at),
            agreed_by=agreement.agreed_by.value,
            attested_by_id=str(agreement.attested_by_id) if agreement.attested_by_id else None,
        ),
        ip=ip if by_client else None,
        user_agent=user_agent if by_client else None,
        entered=None if by_client else Entered(str(step.actor.id), ip, user_agent),
        staff_nearby=tuple(step.payload.get(STAFF_NEARBY) or ()),
    )


def _account(user: User, card_phone: str) -> Account:
    confirmed = user.phone_confirmed_at is not None and user.phone_confirmed_by is not None
    return Account(
        id=str(user.id),
        phone=known_phone(user.phone) if confirmed else None,
        phone_confirmed_at=_text(user.phone_confirmed_at) if confirmed else None,
        phone_confirmed_by=user.phone_confirmed_by.value if confirmed and user.phone_confirmed_by else None,
        card_phone=card_phone or None,
    )


async def _session(step: ClientStep, session_id: UUID | None) -> Session | None:
    row = await step.session.get(UserSession, session_id) if session_id else None
    if row is None or row.user_id != step.client.user_id:
        return None
    return Session(str(row.id), _text(row.created_at), row.ip, row.user_agent, _text(row.phone_proved_at))


async def _code(step: ClientStep, code: Code | None) -> EnteredCode | None:
    if code is None:
        return None
    return EnteredCode(str(code.id), moment(code.sent_at), code.document_sha256, tuple(await _ways(step, code)))


async def _ways(step: ClientStep, code: Code) -> Sequence[Way]:
    """Codes of earlier releases went into the chat of the support, and nothing else was noted of it."""
    if code.delivery_id is None:
        return (Way(channel="support_chat", state="sent", sent_at=moment(code.sent_at)),)
    return [
        Way(
            one.channel.value,
            one.state.value,
            one.reason.value if one.reason else None,
            one.provider_id,
            _text(one.sent_at),
            _text(one.delivered_at),
        )
        for one in await DeliveryAttempt.of(step.session, code.delivery_id)
    ]


async def _openings(step: ClientStep, contract_id: UUID, session_id: UUID | None) -> tuple[Opening, ...]:
    if session_id is None:
        return ()
    return tuple(
        Opening(moment(one.first_at), moment(one.last_at), one.sha256, one.ip, one.user_agent)
        for one in await ContractOpening.of_session(step.session, contract_id, session_id)
    )


# The trace of a signed contract.


def trace_of(contract: Contract) -> Trace:
    """The trace of the first version, as its columns have it; raises ValueError for an unsigned contract."""
    if contract.signed_at is None or contract.confirm_channel is None:
        raise ValueError("the contract is not signed")
    return Trace(
        contract_number=contract.number,
        version=contract.version,
        document_sha256=contract.sha256 or "",
        signed_at=moment(contract.signed_at),
        pep_agreed_at=_text(contract.pep_agreed_at),
        agreement_version=contract.agreement_version,
        agreement_sha256=contract.agreement_sha256,
        confirm_channel=contract.confirm_channel,
        signed_ip=contract.signed_ip,
        signed_user_agent=contract.signed_user_agent,
        entered_by_id=str(contract.entered_by_id) if contract.entered_by_id else None,
        entered_by_ip=contract.entered_by_ip,
        entered_by_user_agent=contract.entered_by_user_agent,
        client_id=str(contract.client_id),
    )


def document_of(contract: Contract, keyring: Keyring) -> bytes:
    """The trace in the form that is sealed, stamped and handed out: of either version."""
    if contract.trace is None:
        return canonical(trace_fields(trace_of(contract)))
    return keyring.decrypt(TRACE, contract.trace)


def content_of(contract: Contract, keyring: Keyring) -> dict[str, Any] | None:
    """The trace of the second version; None for a contract that was signed before there was one."""
    return read_document(keyring.decrypt(TRACE, contract.trace)) if contract.trace is not None else None


def seal_holds(contract: Contract, keyring: Keyring, secrets: NamedSecrets) -> bool:
    """Whether the trace is unchanged since it was sealed, and the row's columns say what the trace says."""
    sealed = contract.signature_hmac or ""
    if contract.trace is None:
        return trace_holds(trace_of(contract), sealed, secrets.keys)
    return document_holds(document_of(contract, keyring), sealed, secrets.keys) and agrees(contract, keyring)


def agrees(contract: Contract, keyring: Keyring) -> bool:
    """Whether the columns that are shown and verified are those of the trace of the second version."""
    content = content_of(contract, keyring)
    if content is None:
        return True
    columns = trace_fields(trace_of(contract))
    agreement, entered = content["agreement"], content["entered"] or {}
    said = {
        **{name: content[name] for name in ("contract_number", "document_sha256", "signed_at", "client_id")},
        "version": str(content["version"]),
        "confirm_channel": content["confirm_channel"],
        "pep_agreed_at": agreement["agreed_at"],
        "agreement_version": agreement["version"],
        "agreement_sha256": agreement["sha256"],
        "signed_ip": content["ip"],
        "signed_user_agent": content["user_agent"],
        "entered_by_id": entered.get("manager_id"),
        "entered_by_ip": entered.get("ip"),
        "entered_by_user_agent": entered.get("user_agent"),
    }
    return said == columns and content["contract_id"] == str(contract.id)


def _id(text: object) -> UUID | None:
    return UUID(text) if isinstance(text, str) else None


def _text(at: datetime | None) -> str | None:
    return moment(at) if at is not None else None
