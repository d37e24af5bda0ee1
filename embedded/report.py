"""The table of addresses and demo logins that `make up` ends its start with."""

import io

from rich.console import Console as RichConsole
from rich.table import Table

from embedded.config import UpConfig
from embedded.parts import Parts


def addresses(config: UpConfig, parts: Parts) -> list[tuple[str, str]]:
    rows = [
        ("Application", config.app_url),
        ("API documentation", f"{config.app_url}/docs"),
    ]
    if parts.temporal:
        rows += [("Temporal Web UI", parts.temporal.ui_url), ("Temporal", parts.temporal.address)]
    if parts.sandbox:
        rows.append(("Buyer and operator", f"{parts.sandbox.url} (stand-ins for Avito and Telegram)"))
    if parts.store:
        rows.append(("Object store (S3)", f"{parts.store.endpoint}/{parts.store.bucket}"))
    if parts.postgres:
        rows.append(("PostgreSQL", f"{parts.postgres.address}, database {parts.postgres.database}"))
    rows.append(("Data and secrets", str(config.data_dir)))
    return rows


def logins() -> list[tuple[str, str]]:
    """Made by the seed, and only in the embedded database."""
    return [
        ("Manager", "manager@example.com / ChangeMe123"),
        ("Clients", "9000000001, 9000000002, 9000000003 / ChangeMe123"),
    ]


def render(config: UpConfig, parts: Parts, seconds: float, in_colour: bool) -> str:
    table = Table(title=f"Privet is ready after {seconds:.0f} s", title_justify="left", show_header=False, min_width=60)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="cyan", overflow="fold")
    for name, value in addresses(config, parts):
        table.add_row(name, value)
    if parts.postgres:
        table.add_section()
        for name, value in logins():
            table.add_row(name, value)
    text = io.StringIO()
    console = RichConsole(file=text, force_terminal=in_colour, width=110)
    console.print(table)
    console.print("Ctrl-C ends it; the data stay. `make demo` in another terminal walks five clients through it.")
    return text.getvalue()
