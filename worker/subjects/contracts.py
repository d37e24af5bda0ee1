"""Contracts, codes, signatures and certificates."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import wiring
from activities.contracts.agreement import Agreements
from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeActivities
from activities.contracts.code_delivery import CodeChannels
from activities.contracts.contract import ContractActivities, RenderingActivities, Terms
from activities.contracts.signature import SignatureActivities
from documents.contracts.agreement import published
from documents.contracts.coverage import check_executor
from domain.contracts.contract import Executor
from domain.contracts.refusals import Unprintable
from domain.deliveries.code_channels import code_channels
from models.contracts import erase
from settings import MissingSettings, Settings
from worker.parts import Parts
from worker.subject import Subject
from worker.subjects.deliveries import carriers
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE


def build_core(parts: Parts) -> Sequence[object]:
    settings, steps = parts.settings, parts.steps
    agreement = published()
    agreements = Agreements(agreement.version, agreement.sha256)
    rules = wiring.code_rules(settings)
    channels = CodeChannels(code_channels(settings.code_channels), frozenset(carriers(parts)))
    codes = CodeActivities(steps, rules, channels=channels)
    try:
        check_executor(executor(settings))
    except Unprintable as wrong:
        raise MissingSettings(f"Cannot start, EXECUTOR_…: {wrong.detail}") from None
    terms = Terms(executor(settings), timedelta(hours=settings.offer_hours))
    return (
        codes,
        ContractActivities(steps, codes, agreements, terms),
        SignatureActivities(
            steps, agreements, parts.secrets, needs_confirmed_phone=settings.signing_needs_confirmed_phone
        ),
    )


def build_documents(parts: Parts) -> Sequence[object]:
    settings, steps = parts.settings, parts.steps
    return (
        RenderingActivities(steps, parts.storage),
        CertificateActivities(steps, parts.storage, wiring.seal(settings), parts.secrets, settings.web_url),
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


SUBJECT: Final = Subject(activities={CORE_QUEUE: build_core, DOCUMENTS_QUEUE: build_documents}, erasure=erase)
