"""Checks the ports of `make up` and names the processes that hold busy ones."""

import psutil

from embedded.config import UpConfig
from supervisor import ports


class PortsTaken(Exception):
    """Some ports are busy; the text names each with its holder and the variable that changes it."""


def check_ports(config: UpConfig) -> None:
    """Raises PortsTaken."""
    busy = [(name, port) for name, port in config.needed_ports().items() if not ports.is_free(port, config.host)]
    if busy:
        lines = [f"  {describe_holder(port)}; end it or set {name} to another port" for name, port in busy]
        raise PortsTaken("\n".join(["Some ports are taken:", *lines]))


def describe_holder(port: int) -> str:
    holder = ports.listener(port)
    try:
        if holder is not None:
            process = f"{holder.name()}, pid {holder.pid}"
            if _belongs_to_make_up(holder):
                return f"port {port} is held by another running `make up` of Privet ({process})"
            return f"port {port} is held by {process}"
    except psutil.Error:
        pass
    return f"port {port} is held by a process of another user"


def _belongs_to_make_up(process: psutil.Process) -> bool:
    """True for `python -m embedded` and its children, in this checkout or another."""
    return any(_command_line(one)[1:3] == ["-m", "embedded"] for one in (process, *process.parents()))


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
