"""A signature from registration to the expert's table: telephone, contract, code, copies outside, a bundle offline."""

import asyncio
import hashlib
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.async_api import Browser, Page, expect

from tests.browser.cases import Case, number_of
from tests.browser.conftest import Open
from tests.browser.manager import Manager
from tests.browser.window import LAPTOP, PATIENCE
from tests.journeys.http_callers import PHONE as DEVICE
from tests.journeys.http_callers import ClientApp, ManagerApp, good, passport, refused
from tests.journeys.product import ANNA, ROOT, Product, eventually

EMAIL: Final = "elkina@example.com"
UNCONFIRMED: Final = "Телефон клиента не подтверждён"
SMS_CODE: Final = re.compile(r"^(\d{6}) ")


async def test_a_signature_is_proven_without_us(
    opened: Open, browser: Browser, product: Product, tmp_path: Path
) -> None:
    async with ManagerApp(product) as office, ClientApp(product) as person:
        await office.log_in(ANNA)
        await person.register(confirms=False, name="Мария Ёлкина", email=EMAIL)
        client_id = await office.find(person.phone)
        case = Case(person, office.card_requests(client_id), client_id)
        manager = await Manager.signed_in(await opened(LAPTOP), ANNA, case.card_page)
        await manager.sees(UNCONFIRMED)
        await manager.can_use_it("phone-unconfirmed")

        await case.card_requests.profile(phone=person.phone, email=EMAIL, name="Мария Ёлкина", address="г. Тула")
        await case.card_requests.passport(passport(number_of(person)))
        await case.card_requests.add(DEVICE)
        await case.card_requests.tariff(1)
        early = str((await case.card_requests.generate())["contract_id"])
        # The manager's own proof: he may read every code of an unconfirmed account, and it opens nothing.
        sign = f"/api/v1/contracts/{early}/sign"
        refused(await person.ask("POST", sign, {"otp_code": await case.code()}), 409, "phone-unconfirmed")
        confirm = await case.card_requests.ask("POST", "/contract/confirm", {"otp_code": await case.code()})
        refused(confirm, 409, "phone-unconfirmed")

        good(await person.ask("POST", "/api/v1/auth/phone/code"), 202)
        await eventually(person.sms, "the SMS with the code")
        page = await browser.new_page()
        code = await code_on_the_telephone(page, product, person.phone)
        good(await person.ask("POST", "/api/v1/auth/phone/confirm", {"code": code}), 204)
        await manager.does_not_see(UNCONFIRMED)

        contract = await person.get(f"/contracts/{early}")
        paper = await downloaded(contract["contract_url"])
        assert paper.startswith(b"%PDF-")
        await person.sign(early, await case.code())
        signed = await eventually(lambda: certified(person, early), "the certificate")

        certificate = await downloaded(signed["certificate_url"])
        received = await received_by_mail(page, product, EMAIL)
        await page.close()
        assert digests(received) == digests([paper, certificate])

        bundle = tmp_path / "bundle.zip"
        await evidence(product, "anchor")
        await evidence(product, "export", client_id, "--out", str(bundle))
        folder = tmp_path / "expert"
        folder.mkdir()
        said = await run([sys.executable, "-m", "worker.evidence", "verify", str(bundle)], folder, bare())
        assert said.returncode == 0, said.stdout + said.stderr
        assert "ПОДТВЕРЖДЕНО" in said.stdout
        zipfile.ZipFile(bundle).extractall(folder)
        assert (folder / "contract-1/contract.pdf").read_bytes() == paper
        assert (folder / "contract-1/certificate.pdf").read_bytes() == certificate
        for command in commands_of((folder / "ПРОЧТИТЕ.txt").read_text()):
            words = shlex.split(command)
            if words[0] == "pyhanko":
                words[0] = str(Path(sys.executable).with_name("pyhanko"))
            said = await run(words, folder, bare())
            assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"


async def code_on_the_telephone(page: Page, product: Product, phone: str) -> str:
    await page.goto(f"{product.stack.sandbox.url}/page/phones.html")
    message = page.get_by_text(SMS_CODE).last
    await expect(page.get_by_text(re.compile(phone[-2:])).first).to_be_visible(timeout=PATIENCE)
    await expect(message).to_be_visible(timeout=PATIENCE)
    async with httpx.AsyncClient(base_url=product.stack.sandbox.url, trust_env=False) as sandbox:
        [*_, newest] = (await sandbox.get(f"/sandbox/phones/{phone}")).json()["messages"]
    await expect(page.get_by_text(newest["text"]).first).to_be_visible(timeout=PATIENCE)
    return str(newest["text"])[:6]


async def certified(person: ClientApp, contract_id: str) -> Any:
    contract = await person.get(f"/contracts/{contract_id}")
    return contract if contract["certificate_url"] else None


async def received_by_mail(page: Page, product: Product, address: str) -> list[bytes]:
    """The attachments of the one letter with both papers, as the page offers them."""
    async with httpx.AsyncClient(base_url=product.stack.sandbox.url, trust_env=False) as sandbox:

        async def arrived() -> Any:
            letters = (await sandbox.get("/sandbox/mail", params={"to": address})).json()
            return [one for one in letters if one["attached"] == 2]

        [letter] = await eventually(arrived, "the copies by mail")
        await page.goto(f"{product.stack.sandbox.url}/page/mail.html")
        await expect(page.get_by_text(letter["subject"]).first).to_be_visible(timeout=PATIENCE)
        return [
            good_bytes(await sandbox.get(f"/sandbox/mail/{letter['id']}/attachments/{number}")) for number in range(2)
        ]


async def downloaded(link: str) -> bytes:
    """By the link alone."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return good_bytes(await http.get(link))


def good_bytes(answer: httpx.Response) -> bytes:
    assert answer.status_code == 200, answer.text
    return answer.content


def digests(papers: list[bytes]) -> set[str]:
    return {hashlib.sha256(paper).hexdigest() for paper in papers}


async def evidence(product: Product, *arguments: str) -> None:
    environment = {**product.stack.environment(), **bare()}
    said = await run([sys.executable, "-m", "worker.evidence", *arguments], product.folder, environment)
    assert said.returncode == 0, said.stdout + said.stderr


def bare() -> dict[str, str]:
    """Nothing of ours: neither settings nor a database."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


async def run(words: list[str], folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(
        subprocess.run, words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def commands_of(guide: str) -> list[str]:
    """What the guide tells an expert to run."""
    return [
        line.strip()
        for line in guide.splitlines()
        if line.startswith("    ") and line.split()[0] in PROGRAMS_OF_EXPERTS
    ]


PROGRAMS_OF_EXPERTS: Final = ("sha256sum", "openssl", "pyhanko")
