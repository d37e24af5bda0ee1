"""ПРОЧТИТЕ.txt: how a bundle is checked without our software, what each step proves and what it does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PYHANKO: Final = "pyhanko-cli==0.6.0 pyhanko==0.38.0"
"""The versions with which the commands were tried."""


@dataclass(frozen=True)
class GuidedContract:
    number: str
    folder: str
    sha256: str
    trace_stamped: bool
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class GuidedAnchor:
    folder: str
    stamped: bool


@dataclass(frozen=True)
class Guide:
    """`seals` and `authorities` are SHA-256 fingerprints; `keyed`: the trail has events hashed with a key of ours."""

    contracts: tuple[GuidedContract, ...]
    anchors: tuple[GuidedAnchor, ...]
    seals: tuple[str, ...]
    authorities: tuple[str, ...]
    keyed: bool


def guide(about: Guide) -> str:
    return "\n".join(
        [
            *_beginning(about),
            *_step_files(),
            *_step_document(about),
            *_step_seal(about),
            *_step_stamps(about),
            *_step_trail(about),
            *_step_anchor(about),
            *_rest(),
        ]
    )


def _beginning(about: Guide) -> Iterator[str]:
    yield "КОМПЛЕКТ ДОКАЗАТЕЛЬСТВ ПОДПИСАНИЯ"
    yield ""
    for contract in about.contracts:
        yield f"Договор {contract.number}: папка {contract.folder}"
    yield from _BEGINNING.splitlines()


def _step_files() -> Iterator[str]:
    yield from _FILES.splitlines()
    yield ""


def _step_document(about: Guide) -> Iterator[str]:
    yield "ШАГ 2. Какой документ подписан"
    yield ""
    for contract in about.contracts:
        yield f"    sha256sum {contract.folder}/contract.pdf"
        yield f"Должно получиться: {contract.sha256}"
        yield f"То же значение стоит в {contract.folder}/trace.json (document_sha256) и в протоколе подписания."
    yield from _DOCUMENT.splitlines()
    yield ""


def _step_seal(about: Guide) -> Iterator[str]:
    yield "ШАГ 3. Печать протокола подписания"
    yield ""
    if not any(contract.certificates for contract in about.contracts):
        yield "Протокол подписания ещё не изготовлен, проверять нечего."
        yield ""
        return
    yield f"Установите открытую программу pyHanko (проверено с {PYHANKO}): pip install {PYHANKO}"
    for contract in about.contracts:
        for name in contract.certificates:
            yield f"    pyhanko sign validate --pretty-print {_trust(about)} {contract.folder}/{name}"
    yield from _SEAL.splitlines()
    for fingerprint in about.seals:
        yield f"    SHA-256 сертификата печати: {fingerprint}"
    yield "Показать отпечаток первого: openssl x509 -in certificates/seal.pem -noout -fingerprint -sha256"
    yield ""


def _trust(about: Guide) -> str:
    files = ["seal", *(["tsa"] if about.authorities else [])]
    return " ".join(["--no-revocation-check", "--trust-replace", *(f"--trust certificates/{one}.pem" for one in files)])


def _step_stamps(about: Guide) -> Iterator[str]:
    yield "ШАГ 4. Метки времени"
    yield ""
    pairs = [
        *((f"{one.folder}/trace.json", f"{one.folder}/trace.tsr") for one in about.contracts if one.trace_stamped),
        *((f"{one.folder}/anchor.json", f"{one.folder}/anchor.tsr") for one in about.anchors if one.stamped),
    ]
    if not pairs:
        yield "Меток времени в комплекте нет: служба времени не настроена или ещё не ответила."
        yield ""
        return
    for data, response in pairs:
        yield f"    openssl ts -verify -data {data} -in {response} -CAfile certificates/tsa.pem -partial_chain"
    yield f"Показать время и службу: openssl ts -reply -in {pairs[0][1]} -text"
    yield from _STAMPS.splitlines()
    for fingerprint in about.authorities:
        yield f"    SHA-256 сертификата службы времени: {fingerprint}"
    yield ""


def _step_trail(about: Guide) -> Iterator[str]:
    yield from _TRAIL.splitlines()
    if about.keyed:
        yield from _KEYED.splitlines()
    yield ""


def _step_anchor(about: Guide) -> Iterator[str]:
    yield "ШАГ 6. Ежедневный якорь"
    yield ""
    if not about.anchors:
        yield "После подписания якорь ещё не делался. Запросите комплект на следующий день."
        yield ""
        return
    yield from _ANCHOR.splitlines()
    for anchor in about.anchors:
        yield f"    {anchor.folder}/anchor.json, {anchor.folder}/proof.json"
    yield ""


def _rest() -> Iterator[str]:
    yield from _REST.splitlines()
    yield ""


_BEGINNING = """
Здесь всё, что нужно, чтобы проверить подписание без программ и без сведений исполнителя. Содержит персональные данные:
храните и передавайте как документы дела.

contract-…/contract.pdf          документ, который подписан
contract-…/certificate*.pdf      протокол подписания с печатью исполнителя
contract-…/trace.json            запись о подписи: кто, когда, откуда, каким кодом, какой документ
contract-…/trace.tsr             метка времени этой записи
contract-…/signature.json        контрольные суммы подписи (ключ хранится у исполнителя)
contract-…/codes.json            коды подтверждения: когда отправлены, когда введены (без цифр)
contract-…/openings.json         когда и откуда клиент открывал документ
deliveries.json                  что, куда и когда отправлено клиенту, с отметками о доставке
agreement/                       соглашение об электронной подписи и присоединение к нему
trail/events.jsonl               история клиента: все события, каждое связано с предыдущим
anchors/                         ежедневные якоря и доказательства того, что история в них вошла
certificates/                    сертификаты печати и службы времени
manifest.json, SHA256SUMS        опись

Самый короткий путь, если есть программа исполнителя (сеть, база данных и ключи ей не нужны):
    python -m worker.evidence verify КОМПЛЕКТ.zip
Ниже то же самое обычными средствами. Команды выполняйте в папке, куда распакован комплект.
"""

_FILES = """
ШАГ 1. Комплект цел

    sha256sum -c SHA256SUMS
Доказывает: файлы те же, что при изготовлении комплекта.
Не доказывает: что комплект не изготовлен заново целиком. Это показывают шаги 3–6.
"""

_DOCUMENT = """
Доказывает: подпись относится именно к этому файлу, до последнего байта.
Не доказывает: кто ввёл код. Об этом говорят trace.json, openings.json, deliveries.json (шаг 7).
"""

_SEAL = """
Ждите слова «The signature is judged VALID».
Доказывает: протокол изготовил владелец ключа печати, и с тех пор в нём не изменилось ничего. Если печать с меткой
времени, то и момент, не позже которого она поставлена.
Не доказывает: чей это ключ. Сертификат печати исполнитель издал сам; сверьте его отпечаток с тем, который исполнитель
опубликовал или сообщил раньше спора, и с событием contract-certified в истории (шаг 5), где записан SHA-256 протокола:
"""

_STAMPS = """
Ждите «Verification: OK».
Доказывает: файл существовал не позднее времени метки. Время проставила служба, названная в метке.
Не доказывает: что служба независима и её сертификат настоящий. Сверьте отпечаток с опубликованным самой службой:
"""

_TRAIL = """ШАГ 5. История клиента

Каждая строка trail/events.jsonl — событие: number — номер, text — текст, который хешировали, hash — хеш, previous —
хеш предыдущего события, key_id — имя ключа или null. Проверьте, что номера идут подряд, а previous каждой строки равен
hash предыдущей. Если key_id равен null, то hash = SHA-256 от байтов previous (из шестнадцатеричной записи) и text.
Найдите события contract-signed (SHA-256 документа), signature-sealed (SHA-256 записи trace.json),
contract-certified и certificate-stamped (SHA-256 протокола) и сравните с файлами.
Доказывает: порядок событий, и что документ, запись и протокол названы в истории.
Не доказывает сама по себе: что историю не написали заново целиком. Это показывает якорь (шаг 6)."""

_KEYED = """У событий с key_id хеш вычислен с ключом исполнителя: HMAC-SHA256 от text. Ключ не передаётся: им можно
написать другую историю. Без ключа проверяются порядок и связь, а тексты событий — якорем (шаг 6)."""

_ANCHOR = """Каждый день исполнитель сводит истории всех клиентов в один корень (дерево Меркла, RFC 9162, раздел 2.1,
SHA-256), ставит на него метку времени сторонней службы (шаг 4), рассылает его владельцам и публикует. Такой корень
нельзя подогнать под переписанную историю.
1. proof.json: leaf — строка [клиент, число событий N, хеш события N, отпечаток текстов]. Хеш должен совпасть со строкой
   N в trail/events.jsonl.
2. Отпечаток текстов считается без ключа: начать с пустой строки байтов и для событий с 1 по N взять SHA-256 от
   прежнего отпечатка (32 байта, в начале ничего) и text события в UTF-8.
3. Хеш листа = SHA-256(байт 00, leaf). Дальше по index, size и path, как в RFC 9162, раздел 2.1.3.2: узел =
   SHA-256(байт 01, левый, правый). Должен получиться root из anchor.json.
4. Сравните anchor.json с тем, что опубликован на странице проверки исполнителя, и с письмом владельцу за этот день.
Доказывает: к моменту метки история клиента до события N была ровно такой, и позже её не переписали.
Не доказывает: что записанное событие произошло так, как записано."""

_REST = """ШАГ 7. О чём сказать себе честно

Простая электронная подпись (63-ФЗ, ст. 5, 6, 9) держится на соглашении сторон и на том, что код получил именно этот
человек. Смотрите вместе: trace.json — подтверждённый телефон, когда и чем подтверждён, с какого входа подписано;
deliveries.json — куда ушёл код и подтверждение доставки; openings.json — открывал ли клиент документ; agreement/ —
когда он присоединился к соглашению. Подтверждение телефона по СМС показывает, что человек владел номером в тот момент,
а на кого оформлен номер, отвечает оператор связи по запросу суда. Контакт Telegram показывает, что номером
зарегистрирован его аккаунт. Если в записи confirm_channel = manager_device, код введён на устройстве сотрудника: это
более слабый способ, и протокол об этом говорит.
Комплект не доказывает: личность по паспорту, волю без принуждения, и что ключи исполнителя никому не попали в руки.
Подробно: docs/signature.md в исходном коде программы."""
