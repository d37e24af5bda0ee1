"""The self-made key that seals certificates under `make up`; production names its own by SEAL_PKCS12_PATH."""

from pathlib import Path

from embedded.made import write_private

COMMON_NAME = "Privet, self-made seal of make up"


def make_seal(data_dir: Path, passphrase: str) -> Path:
    """The PKCS#12 file, made at the first start."""
    file = data_dir / "seal.p12"
    if not file.exists():
        from documents.contracts.seal import make_self_signed  # half a second that only the first start needs

        write_private(file, make_self_signed(COMMON_NAME, passphrase))
    return file
