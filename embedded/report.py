"""The table of addresses and demo logins that `make up` prints when it is ready."""

import io

from rich.console import Console as RichConsole
from rich.table import Table

from embedded.config import UpConfig
from embedded.servers.selection import Servers


def addresses(config: UpConfig, servers: Servers) -> list[tuple[str, str]]:
    rows = [
        ("Application", config.app_url),
        ("API documentation", f"{config.app_url}/docs"),
    ]
    if servers.temporal:
        rows += [("Temporal Web UI", servers.temporal.ui_url), ("Temporal", servers.temporal.address)]
    if servers.sandbox:
        rows.append(("Buyer and operator", f"{servers.sandbox.url} (stand-ins for Avito and Telegram)"))
        rows.append(("Telephones", f"{servers.sandbox.url}/page/phones.html (what was sent by SMS)"))
        rows.append(("Mailbox", f"{servers.sandbox.url}/page/mail.html (what was sent by mail)"))
    if servers.store:
        rows.append(("Object store (S3)", f"{servers.store.endpoint}/{servers.store.bucket}"))
    if servers.postgres:
        rows.append(("PostgreSQL", f"{servers.postgres.address}, database {servers.postgres.database}"))
    rows.append(("Data and secrets", str(config.data_dir)))
    return rows


def logins() -> list[tuple[str, str]]:
    """The accounts that the seed adds to the embedded database."""
    return [
        ("Manager", "manager@example.com / ChangeMe123"),
        ("Clients", "9000000001, 9000000002, 9000000003 / ChangeMe123"),
    ]


def render(config: UpConfig, servers: Servers, seconds: float, in_colour: bool) -> str:
    table = Table(title=f"Privet is ready after {seconds:.0f} s", title_justify="left", show_header=False, min_width=60)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="cyan", overflow="fold")
    for name, value in addresses(config, servers):
        table.add_row(name, value)
    if servers.postgres:
        table.add_section()
        for name, value in logins():
            table.add_row(name, value)
    text = io.StringIO()
    console = RichConsole(file=text, force_terminal=in_colour, width=110)
    console.print(table)
    console.print("Ctrl-C ends it; the data stay. `make demo` in another terminal walks five clients through it.")
    return text.getvalue()
