"""`python -m embedded.within COMMAND…`: runs a command in the environment of this folder's `make up`."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from embedded.config import BadSetting, UpConfig
from embedded.parts import children_environment, embedded_parts


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Raises BadSetting when there never was a `make up` here."""
    config = UpConfig.read(given)
    file = config.data_dir / "secrets.json"
    if not file.exists():
        raise BadSetting(f"there is no {file}: start `make up` first, or set DATA_DIR as it was set there")
    secrets = json.loads(file.read_text())
    parts = embedded_parts(config, secrets)
    return children_environment(config, parts, secrets, config.data_dir / "seal.p12", given)


def main(command: list[str]) -> None:
    try:
        children = environment(os.environ)
    except BadSetting as error:
        sys.exit(f"privet: {error}")
    program = str(Path(sys.executable)) if command[0] == "python" else command[0]
    os.execvpe(program, [program, *command[1:]], {**os.environ, **children})  # noqa: S606 - becoming it is the point


if __name__ == "__main__":
    main(sys.argv[1:])
