#!/bin/sh
# install.sh NAME: installs requirements/NAME.txt into .venv by the first Python that can make virtual environments.
set -eu
cd "$(dirname "$0")/.."

fits() {
    # Run it: a pyenv shim may exist and fail, and Debian packages ensurepip separately.
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for python in .venv/bin/python ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
    if fits "$python"; then
        exec "$python" embedded/install.py "$1"
    fi
done

cat >&2 <<'TEXT'
privet: no usable Python was found. Privet needs Python 3.11 or newer with the venv and ensurepip modules.
  Debian, Ubuntu:  sudo apt-get install python3 python3-venv
  macOS:           brew install python@3.13
  elsewhere:       name one by  make up PYTHON=/path/to/python3.12
TEXT
exit 1
