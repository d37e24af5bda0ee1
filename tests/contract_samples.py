"""Made-up people and devices for the documents under test."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from documents.contracts.certificate import CertificateData, CertificateEvent, EnteredBy
from domain.contracts.contract import ContractSnapshot, DeviceSnapshot, Executor, PassportSnapshot, TariffSnapshot
from domain.contracts.signature import ConfirmChannel
from domain.kernel.money import Kopecks

EXECUTOR = Executor(
    name="ООО «Домашняя техника»",
    inn="7701234567",
    ogrn="1207700123456",
    address="101000, г. Москва, ул. Мясницкая, д. 1, офис 10",
    phone="+7 495 000-00-00",
    email="help@example.com",
)

PASSPORT = PassportSnapshot(
    last_name="Кузнецова-Щёголева",
    first_name="Елизавета",
    middle_name="Константиновна",
    series="4510",
    number="123456",
    issued_by="ГУ МВД России по г. Москве",
    issue_code="770-001",
    issue_date=date(2012, 5, 17),
    registration_address="125009, г. Москва, ул. Тверская, д. 7, кв. 42",
)


def device_id(number: int) -> UUID:
    return UUID(int=number)


def device(number: int, fee: int = 100_000, **more: object) -> DeviceSnapshot:
    plain = DeviceSnapshot(
        id=device_id(number),
        device_type="Ноутбук",
        title="Lenovo ThinkPad X1 Carbon",
        description="Рабочий ноутбук, медленно включается.",
        specs={"Память": "16 ГБ", "Диск": "512 ГБ", "Год": 2021, "Зарядное устройство": True},
        extra_fee=Kopecks(fee),
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # names of fields, checked at run time


DEVICES = (
    device(1),
    device(2, 150_050, device_type="Телевизор", title="Samsung QE55", description=None, specs={"Диагональ": 55}),
    device(3, device_type="Роутер", title="Keenetic Giga", description="Домашняя сеть на два этажа", specs=None),
)


def contract(*devices: DeviceSnapshot, **more: object) -> ContractSnapshot:
    covered = devices or DEVICES
    plain = ContractSnapshot(
        template="contract-v1",
        number="КУ-261121-01",
        version=1,
        amendment_of=None,
        day=date(2026, 11, 21),
        client_name="Кузнецова Елизавета",
        client_phone="9123456789",
        client_email="liza@example.com",
        client_address="г. Москва, ул. Лесная, д. 3, кв. 15",
        passport=PASSPORT,
        devices=covered,
        billed_devices=tuple(one.id for one in covered),
        tariff=TariffSnapshot(
            tariff_id=UUID(int=77),
            name="Домашний",
            base_fee=Kopecks(99_000),
            extra_per_device=Kopecks(100_000),
            device_count=len(covered),
            total_extra_fee=Kopecks(sum(one.extra_fee for one in covered)),
        ),
        executor=EXECUTOR,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # names of fields, checked at run time


def amendment(**more: object) -> ContractSnapshot:
    return replace(
        contract(*DEVICES, device(4, 70_000, title="HP LaserJet M111", device_type="Принтер")),
        number="КУ-261201-02",
        version=2,
        amendment_of="КУ-261121-01",
        billed_devices=(device_id(4),),
        **more,  # type: ignore[arg-type]  # names of fields, checked at run time
    )


def certificate(**more: object) -> CertificateData:
    """Signed by the client himself, in his own session."""
    signed = datetime(2026, 11, 21, 9, 3, 7, tzinfo=UTC)
    plain = CertificateData(
        contract_number="КУ-261121-01",
        version=1,
        pdf_sha256="5a90fe2d0cd798700935240580bdcc12c0ffc9102c0c7163b3418e13bc21debd",
        signed_at=signed,
        signer_name="Кузнецова-Щёголева Елизавета Константиновна",
        masked_phone="+7 912 •••-••-89",
        agreement_version="pep-v1",
        agreement_sha256="9cc831490532009bae2b3ce0d39c62adfc889060beb421593bfd9d2396d0f10a",
        agreed_at=signed - timedelta(days=1),
        attested_by=None,
        confirm_channel=ConfirmChannel.CLIENT_APP,
        signed_ip="203.0.113.7",
        signed_user_agent="Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
        entered_by=None,
        signature_hash="5a90fe2d0cd798700935240580bdcc12c0ffc9102c0c7163b3418e13bc21debd",
        signature_hmac="k1:3128bd5ecf01816e59a23d54c57a7a6b14615b07db53ff277c77376010265b05",
        key_id="k1",
        verify_url="https://privet.example.com/verify/КУ-261121-01?h=AbCdEfGhIjKlMnOpQrStUv",
        upload_url="https://privet.example.com/verify",
        executor_name=EXECUTOR.name,
        events=(
            CertificateEvent(signed - timedelta(days=1), "Клиент принял соглашение о простой электронной подписи"),
            CertificateEvent(signed - timedelta(minutes=4), "Договор сформирован, версия 1"),
            CertificateEvent(signed - timedelta(minutes=4), "Код подтверждения отправлен в чат поддержки"),
            CertificateEvent(signed - timedelta(minutes=1), "Введён неверный код, осталось попыток: 4"),
            CertificateEvent(signed, "Введён верный код, договор подписан"),
        ),
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # names of fields, checked at run time


def certificate_from_manager_device() -> CertificateData:
    return certificate(
        confirm_channel=ConfirmChannel.MANAGER_DEVICE,
        signed_ip=None,
        signed_user_agent=None,
        attested_by="Петров Пётр",
        entered_by=EnteredBy("Петров Пётр", "198.51.100.4", "Mozilla/5.0 (Windows NT 10.0) Firefox/145.0"),
    )
