"""Contracts, codes, signatures and certificates."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeRules, OtpActivities
from activities.contracts.contract import ContractActivities, RenderingActivities, Terms
from activities.contracts.signature import PepActivities
from documents.contracts import agreement
from documents.contracts.seal import Seal
from domain.contracts.contract import Executor
from settings import Settings
from worker.parts import Parts
from worker.subject import Subject
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE


def build_core(parts: Parts) -> Sequence[object]:
    settings, steps = parts.settings, parts.steps
    codes = OtpActivities(steps, code_rules(settings))
    terms = Terms(executor(settings), timedelta(hours=settings.offer_hours))
    return codes, ContractActivities(steps, codes, terms), PepActivities(steps, codes, parts.secrets)


def build_documents(parts: Parts) -> Sequence[object]:
    settings, steps = parts.settings, parts.steps
    seal = Seal(settings.seal_pkcs12_path.read_bytes(), settings.seal_passphrase.get_secret_value())
    return (
        RenderingActivities(steps, parts.storage),
        CertificateActivities(steps, parts.storage, seal, parts.secrets, settings.web_url),
    )


def code_rules(settings: Settings) -> CodeRules:
    published = agreement.published()
    return CodeRules(
        ttl=settings.otp_ttl_seconds,
        tries=settings.otp_max_attempts,
        resend=settings.otp_resend_seconds,
        agreement_version=published.version,
        agreement_sha256=published.sha256,
    )


def executor(settings: Settings) -> Executor:
    return Executor(
        name=settings.executor_name,
        inn=settings.executor_inn,
        ogrn=settings.executor_ogrn,
        address=settings.executor_address,
        phone=settings.executor_phone,
        email=settings.executor_email,
    )


SUBJECT: Final = Subject(activities={CORE_QUEUE: build_core, DOCUMENTS_QUEUE: build_documents})
