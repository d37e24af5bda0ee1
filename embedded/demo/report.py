"""The report of `make demo`: step latencies, and links to the onboardings."""

import statistics

from rich.table import Table

from embedded.config import UpConfig
from embedded.demo.onboarding import Finished


def latencies(seconds: dict[str, list[float]]) -> Table:
    table = Table(title="Step latencies, ms", title_justify="left")
    table.add_column("step")
    for name in ("times", "p50", "p95"):
        table.add_column(name, justify="right")
    for step, values in seconds.items():
        milliseconds = sorted(value * 1000 for value in values)
        table.add_row(
            step, str(len(values)), f"{statistics.median(milliseconds):.0f}", f"{percentile_95(milliseconds):.0f}"
        )
    return table


def percentile_95(values: list[float]) -> float:
    """Nearest-rank percentile of sorted values."""
    return values[max(0, -(-len(values) * 95 // 100) - 1)]


def links(config: UpConfig, finished: list[Finished]) -> list[str]:
    """Name, number and status of each, every link on its own line, because terminals split folded links."""
    ui = f"http://{config.reach}:{config.ports['TEMPORAL_UI_PORT']}/namespaces/default/workflows"
    return [
        f"{one.name}, {one.contract_number}, {one.status}\n"
        f"  workflow     {ui}/onboarding-{one.client_id}\n"
        f"  contract     {one.contract_url}\n"
        f"  certificate  {one.certificate_url}"
        for one in finished
    ]
