"""Waits until `/readyz` of the API answers 200."""

import httpx

from supervisor.readiness import NotReady, until


async def wait_ready(app_url: str, patience: float) -> None:
    """Raises TimeoutError with the last answer after `patience` seconds."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:

        async def answers() -> None:
            try:
                response = await http.get(f"{app_url}/readyz")
            except httpx.HTTPError as error:
                raise NotReady(f"{app_url} does not answer ({type(error).__name__})") from error
            if response.status_code != httpx.codes.OK:
                raise NotReady(f"/readyz says {response.status_code}: {response.text[:300]}")

        await until(answers, patience, "Privet")
