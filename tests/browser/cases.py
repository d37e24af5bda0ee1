"""Clients who have come so far already that a test can begin where it is about something."""

from dataclasses import dataclass
from typing import Any

from tests.journeys.http_callers import CardRequests, ClientApp, ManagerApp, passport

NAME = "Мария Ёлкина"
ADDRESS = "г. Тула, ул. Садовая, д. 3, кв. 14"


@dataclass(frozen=True)
class Case:
    """A client and his card; `card_requests` are those of the manager who has done what is done."""

    person: ClientApp
    card_requests: CardRequests
    client_id: str

    def page(self, step: int) -> str:
        return f"/clients/{self.client_id}/step/{step}"

    @property
    def card_page(self) -> str:
        return f"/clients/{self.client_id}"

    async def taken(self) -> None:
        """Contact data are there, and whose client he is."""
        await self.card_requests.profile(phone=self.person.phone, email="m@example.com", name=NAME, address=ADDRESS)

    async def identified(self) -> None:
        await self.taken()
        await self.card_requests.passport(passport(number_of(self.person)))

    async def contracted(self, *devices: dict[str, object]) -> str:
        """The contract waits for its signature; its id."""
        await self.identified()
        for device in devices:
            await self.card_requests.add(device)
        await self.card_requests.tariff(len(devices))
        made = await self.card_requests.generate()
        return str(made["contract_id"])

    async def code(self) -> str:
        """The newest one that the client was sent."""
        return (await self.person.codes())[-1]

    async def happened(self) -> list[dict[str, Any]]:
        """The timeline, newest first."""
        return list(await self.card_requests.manager_app.get(f"/clients/{self.client_id}/history"))


def number_of(person: ClientApp) -> str:
    """Of his passport: nobody else's."""
    return person.phone[-6:]


async def begin(office: ManagerApp, person: ClientApp, name: str = NAME, *, confirms: bool = False) -> Case:
    """Somebody who has just registered; who signs confirms his phone."""
    await person.register(name=name, confirms=confirms)
    client_id = await office.find(person.phone)
    return Case(person, office.card_requests(client_id), client_id)
