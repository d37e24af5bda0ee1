"""`python -m api.document`: prints the OpenAPI document, identical on every machine, without servers."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from api.app import create_app
from settings import Settings


def nowhere() -> Settings:
    """Settings of an API that is built but never started."""
    values: dict[str, Any] = {
        name: SecretStr("")
        for name, field in Settings.model_fields.items()
        if field.is_required() and field.annotation is SecretStr
    }
    values |= {"temporal_address": "", "s3_endpoint": "http://store.invalid", "seal_pkcs12_path": Path("none")}
    return Settings.model_construct(**values)


def render() -> str:
    """The document, sorted, so that the order of routes does not matter."""
    return json.dumps(create_app(nowhere()).openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
