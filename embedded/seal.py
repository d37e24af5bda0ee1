"""The self-signed key that seals certificates under `make up`; production sets SEAL_PKCS12_PATH."""

from pathlib import Path

from embedded.credentials import write_private

COMMON_NAME = "Privet, self-made seal of make up"


def make_seal(data_dir: Path, passphrase: str) -> Path:
    """The PKCS#12 file; generated when missing or empty."""
    file = data_dir / "seal.p12"
    if not file.exists() or not file.stat().st_size:
        from documents.contracts.seal import make_self_signed  # half a second that only the first start needs

        write_private(file, make_self_signed(COMMON_NAME, passphrase))
    return file
