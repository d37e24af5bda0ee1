"""Accession of a client to the published agreement on the simple electronic signature (63-FZ, art. 6(2) and 9(2))."""

from dataclasses import dataclass

from activities.clients.step import ClientStep
from models import Accession
from models.contracts.agreement import AgreedBy


@dataclass(frozen=True)
class Agreements:
    """`version` and `sha256` of the currently published agreement."""

    version: str
    sha256: str

    def accede(self, step: ClientStep, how: AgreedBy) -> Accession:
        """Record the accession; with address and user agent unless a manager attests it."""
        by_manager = how is AgreedBy.MANAGER
        agreement = Accession(
            id=step.id_for("agreement"),
            user_id=step.client.user_id,
            agreed_by=how,
            version=self.version,
            sha256=self.sha256,
            agreed_at=step.at,
            ip=None if by_manager else step.payload.get("ip"),
            user_agent=None if by_manager else step.payload.get("user_agent"),
            attested_by_id=step.actor.id if by_manager else None,
        )
        step.session.add(agreement)
        return agreement

    async def attest(self, step: ClientStep) -> None:
        """Record the attestation of the manager who generates the contract, for a client without an accession."""
        if await Accession.of_user(step.session, step.client.user_id) is None:
            self.accede(step, AgreedBy.MANAGER)
            step.record("pep-attested")
