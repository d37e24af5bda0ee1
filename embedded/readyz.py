"""Waiting until the whole product answers, as `/readyz` tells it."""

import httpx

from embedded.readiness import NotReady, until


async def wait_ready(app_url: str, patience: float) -> None:
    """Raises TimeoutError that says what `/readyz` last answered."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:

        async def answers() -> None:
            try:
                response = await http.get(f"{app_url}/readyz")
            except httpx.HTTPError as error:
                raise NotReady(f"{app_url} does not answer ({type(error).__name__})") from error
            if response.status_code != httpx.codes.OK:
                raise NotReady(f"/readyz says {response.status_code}: {response.text[:300]}")

        await until(answers, patience, "Privet")
