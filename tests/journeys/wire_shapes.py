"""The shapes of the wire contract, name by name."""

from typing import Any

DETAIL = {
    "id", "status", "assigned_manager_id", "support_ticket_id", "user", "passport", "devices", "tariff", "contract",
    "invoices", "next_step", "warnings", "trail_broken",
}  # fmt: skip
USER = {"id", "phone", "phone_confirmed_at", "phone_confirmed_by", "email", "name", "address"}
PASSPORT = {
    "id", "created_at", "updated_at", "last_name", "first_name", "middle_name", "series", "number", "issued_by",
    "issue_code", "issue_date", "registration_address", "photo_url", "document_type",
}  # fmt: skip
DEVICE = {
    "id", "device_type", "title", "description", "specs", "extra_fee", "created_at", "updated_at", "photos",
}  # fmt: skip
PHOTO = {"id", "file_key", "created_at", "file_url"}
TARIFF = {"tariff_id", "name", "base_fee", "extra_per_device", "device_count", "total_extra_fee", "calculated_at"}
CONTRACT = {
    *(
        "otp_code",
        "otp_sent_at",
        "signed_at",
        "payment_confirmed_at",
        "contract_url",
        "contract_number",
        "code_delivery",
    ),
}
INVOICE = {
    "id", "amount", "description", "contract_number", "due_date", "status", "created_at", "paid_at", "confirmed_by_id",
}  # fmt: skip
SUMMARY = {
    "id", "user_id", "name", "full_name", "phone", "email", "status", "assigned_manager_id", "support_ticket_id",
    "created_at", "updated_at", "devices_count", "registration_address", "phone_confirmed",
}  # fmt: skip
OWN_CONTRACT = {
    "id", "contract_number", "version", "status", "contract_url", "certificate_url", "signed_at", "created_at",
}  # fmt: skip


def is_card(card: Any, status: str, next_step: str) -> None:
    """The whole shape of ClientDetail, and where the process stands."""
    assert card.keys() == DETAIL
    assert (card["status"], card["next_step"]) == (status, next_step)
    assert card["user"].keys() == USER
    assert card["passport"] is None or card["passport"].keys() == PASSPORT
    assert card["tariff"] is None or card["tariff"].keys() == TARIFF
    assert card["contract"] is None or card["contract"].keys() == CONTRACT
    assert all(device.keys() == DEVICE for device in card["devices"])
    assert all(photo.keys() == PHOTO for device in card["devices"] for photo in device["photos"])
    assert all(invoice.keys() == INVOICE for invoice in card["invoices"])
    if card["contract"]:
        assert card["contract"]["otp_code"] is None
