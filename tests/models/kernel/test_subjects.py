"""Every table is erased with a person or is named with a reason; the same for what upkeep drops."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlmodel import SQLModel

import models
from models.conversations import erase as conversations
from models.kernel import upkeep as kernel_upkeep
from models.people.erase import ERASES_MANAGER
from worker.subjects import SUBJECTS

METADATA: Final = models.metadata()
ERASURES: Final = [subject.erasure for subject in SUBJECTS if subject.erasure is not None]
UPKEEPS: Final = [kernel_upkeep, *(subject.upkeep for subject in SUBJECTS if subject.upkeep is not None)]
CLIENT: Final[list[type[SQLModel]]] = [table for subject in ERASURES for table in subject.ERASES]
OTHERS: Final[list[type[SQLModel]]] = [*ERASES_MANAGER, *conversations.ERASES]
ERASED: Final = [str(table.__tablename__) for table in (*CLIENT, *OTHERS)]
GROWING: Final = [str(table.__tablename__) for subject in UPKEEPS for table in subject.GROWS]

NOT_ERASED: Final = {
    **dict.fromkeys(
        ("anchors", "anchor_stamps", "anchor_checks", "anchor_findings"),
        "append-only; counts, hashes, times and, in a finding, the id of a card that is blank",
    ),
    "access_events": "append-only; ids and times, and the card that they refer to is blank",
    "audit_events": "append-only; ids, numbers and times, and the card that they refer to is blank",
    "avito_accounts": "an organisation's key",
    "avito_waits": "ids of chats that wait for their account's turn; upkeep drops them after a day",
    "bot_errands": "what staff asked a bot for, sealed; no column says who; upkeep drops it after two days",
    "bots": "an organisation's key",
    "manager_contract_counters": "numbers per day",
    "manager_tariffs": "an organisation's prices",
    "organisations": "a firm and its settings",
    "rate_buckets": "keyed hashes; upkeep drops them after a day",
    "seal_certificates": "public keys of our own seals",
    "telegram_groups": "how much may be sent to a group",
    "telegram_logins": "hashes of log-ins that were used; upkeep drops them after two days",
    "trail_breaks": "append-only; ids, kinds and times",
    "telegram_updates": "ids of updates; upkeep drops them after two days",
}
"""Tables without data of a person, or whose rows cannot be told to be his, and why that is so."""

KEPT: Final = {
    **dict.fromkeys(
        (
            *("manager_contracts", "manager_contract_codes", "pep_agreements", "manager_invoices"),
            *("contract_openings", "contract_verify_links", "seal_certificates"),
        ),
        "papers: what was signed is kept for ever, how long the rest is kept is for retention",
    ),
    **dict.fromkeys(
        ("users", "manager_clients", "users_passports", "manager_devices", "manager_device_photos", "devices"),
        "one or a few for a client, as long as he is one",
    ),
    **dict.fromkeys(("manager_client_tariffs", "manager_support_threads"), "one for a client, as long as he is one"),
    **dict.fromkeys(
        ("support_tickets", "support_messages", "manager_support_messages"), "a client's chat, as long as he is one"
    ),
    "trail_breaks": "evidence, and hopefully none",
    **dict.fromkeys(("audit_events", "access_events"), "what happened to a client and who read his card: the trail"),
    **dict.fromkeys(
        ("dialogs", "dialog_messages", "dialog_former_topics", "message_sends", "telegram_copies", "attachments"),
        "conversations: how long they are kept is for retention",
    ),
    **dict.fromkeys(
        ("organisations", "manager_users", "manager_tariffs", "bots", "avito_accounts", "telegram_groups"),
        "people make them, and there are few",
    ),
    **dict.fromkeys(("anchors", "anchor_stamps", "anchor_checks", "anchor_findings"), "evidence: a few rows for a day"),
    "manager_contract_counters": "a row for a day and a prefix: numbers are never given twice",
}
"""Tables that no upkeep drops anything from, and why that is so."""


def problems(metadata: MetaData, declared: Iterable[str], explained: Mapping[str, str]) -> list[str]:
    """What is wrong with these declarations, beside the tables that there are."""
    there, times = set(metadata.tables), Counter(declared)
    return sorted(
        [
            *(f"{name}: neither declared nor explained" for name in there - set(times) - set(explained)),
            *(f"{name}: declared and explained" for name in set(times) & set(explained)),
            *(f"{name}: declared by two" for name, count in times.items() if count > 1),
            *(f"{name}: no such table" for name in (set(times) | set(explained)) - there),
        ]
    )


def test_every_table_is_erased_with_a_person_or_is_none_of_his() -> None:
    assert problems(METADATA, ERASED, NOT_ERASED) == []


def test_every_table_is_kept_small_or_kept_for_a_reason() -> None:
    assert problems(METADATA, GROWING, KEPT) == []


@pytest.mark.parametrize(("declared", "explained"), [(ERASED, NOT_ERASED), (GROWING, KEPT)])
def test_a_wrong_declaration_is_found(declared: list[str], explained: dict[str, str]) -> None:
    planted = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("id", Integer, primary_key=True), Column("name", String))
    assert problems(planted, declared, explained) == ["planted: neither declared nor explained"]
    assert problems(METADATA, [*declared, "gone"], explained) == ["gone: no such table"]
    assert problems(METADATA, declared, explained | {"gone": ""}) == ["gone: no such table"]
    name = declared[0]
    assert problems(METADATA, [*declared, name], explained) == [f"{name}: declared by two"]
    assert problems(METADATA, declared, explained | {name: ""}) == [f"{name}: declared and explained"]


# What is left of a person.
