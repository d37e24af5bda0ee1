"""Types of documents that identify a client."""

from enum import StrEnum


class DocumentType(StrEnum):
    """`PASSPORT_RF` where none is said: the only one that earlier releases knew."""

    PASSPORT_RF = "passport_rf"
    FOREIGN_PASSPORT = "foreign_passport"
    RESIDENCE_PERMIT = "residence_permit"
