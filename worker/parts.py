"""What a worker is made of, from the settings: engine, keys, gateways, activities."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

import wiring
from activities.billing.invoice import InvoiceActivities
from activities.billing.payment import PaymentActivities
from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeRules, OtpActivities
from activities.contracts.contract import ContractActivities, RenderingActivities, Terms
from activities.contracts.signature import PepActivities
from activities.kernel.step import Steps
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.device import DeviceActivities
from activities.onboarding.passport import PassportActivities
from activities.onboarding.photo import PhotoActivities
from activities.onboarding.tariff import TariffActivities
from activities.operations.adoption import AdoptionActivities
from activities.operations.upkeep import UpkeepActivities
from documents.contracts import agreement
from documents.contracts.seal import Seal
from domain.contracts.contract import Executor
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring, NamedSecrets
from gateways.storage.client import Storage
from models.kernel.database import connect, make_sessions
from models.subjects import UPKEEPS
from settings import Settings
from workflows.onboarding.starting import begin_onboarding

ActivityMethod = Callable[..., Awaitable[Any]]
START_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Parts:
    """Built once per process, inside its event loop."""

    settings: Settings
    engine: AsyncEngine
    keyring: Keyring
    steps: Steps
    now: Clock

    @classmethod
    def build(cls, settings: Settings, now: Clock) -> "Parts":
        keyring = wiring.keyring(settings)
        engine = connect(settings.database_url.get_secret_value(), settings.database_pool, "privet-worker")
        return cls(settings, engine, keyring, Steps(make_sessions(engine), keyring, settings.zone, now), now)

    def row_activities(self, temporal: Client) -> list[ActivityMethod]:
        """Short writes of rows, for the core queue."""
        settings, steps = self.settings, self.steps
        codes = OtpActivities(steps, code_rules(settings))
        contracts = ContractActivities(steps, codes, Terms(executor(settings), timedelta(hours=settings.offer_hours)))
        families: list[object] = [
            OnboardingActivities(steps),
            PassportActivities(steps),
            DeviceActivities(steps),
            TariffActivities(steps),
            codes,
            contracts,
            PepActivities(steps, codes, self.secrets),
            PaymentActivities(steps),
            InvoiceActivities(steps),
            DeadlineActivities(steps, contracts),
            AdoptionActivities(steps.sessions, self.begin(temporal), self.now),
            UpkeepActivities(steps.sessions, UPKEEPS, self.now),
        ]
        return [method for family in families for method in activities_of(family)]

    def document_activities(self, storage: Storage) -> list[ActivityMethod]:
        """PDF, seal and photos, for the queue of slow work."""
        settings = self.settings
        seal = Seal(settings.seal_pkcs12_path.read_bytes(), settings.seal_passphrase.get_secret_value())
        families: list[object] = [
            RenderingActivities(self.steps, storage),
            PhotoActivities(self.steps.sessions, self.keyring, storage, self.now),
            CertificateActivities(self.steps, storage, seal, self.secrets, settings.web_url),
        ]
        return [method for family in families for method in activities_of(family)]

    @property
    def secrets(self) -> NamedSecrets:
        return wiring.signature_secrets(self.settings)

    def begin(self, temporal: Client) -> Callable[[UUID], Awaitable[None]]:
        return partial(begin_onboarding, temporal, patience=START_PATIENCE)


def activities_of(family: object) -> list[ActivityMethod]:
    """Its public methods that are defined as activities."""
    methods = (getattr(family, name) for name in dir(family) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]


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
