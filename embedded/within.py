"""`python -m embedded.within COMMAND…`: runs a command with the environment of the `make up` of this folder.

It is that of the processes which do not seal: no command beside them signs anything.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from embedded.config import BadSetting, UpConfig
from embedded.environment import children_environment, without_seal
from embedded.servers.selection import select_servers


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Raises BadSetting when `make up` was never run with this data folder."""
    config = UpConfig.read(given)
    file = config.data_dir / "secrets.json"
    if not file.exists():
        raise BadSetting(f"there is no {file}: start `make up` first, or set DATA_DIR as it was set there")
    secrets = json.loads(file.read_text())
    if "PRIVET_APP_DB_PASSWORD" not in secrets:
        raise BadSetting(f"{file} is of an earlier version: start `make up` once, it adds what is missing")
    servers = select_servers(config, secrets)
    return without_seal(children_environment(config, servers, secrets, config.data_dir / "seal.p12", given))


def main(command: list[str]) -> None:
    try:
        children = environment(os.environ)
    except BadSetting as error:
        sys.exit(f"privet: {error}")
    program = str(Path(sys.executable)) if command[0] == "python" else command[0]
    os.execvpe(program, [program, *command[1:]], {**os.environ, **children})  # noqa: S606 - replaces this process on purpose


if __name__ == "__main__":
    main(sys.argv[1:])
