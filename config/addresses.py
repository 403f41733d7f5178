"""Where we listen, and by which names we may be called."""

import socket
from contextlib import suppress

from config.instance import CannotStart

ANY = {"0.0.0.0", "::", ""}


class PortTaken(CannotStart):
    pass


def claim_port(host: str, port: int) -> int:
    """Fail now rather than after a minute of work; 0 finds a free one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            return int(trial.getsockname()[1])
    except OSError as error:
        raise PortTaken(
            f"Nobody can listen on {host}:{port}: {error.strerror}.\n"
            "Stop the program that does, or choose another with --port (and --host)."
        ) from error


def web_address(host: str, port: int) -> str:
    name = "localhost" if host in ANY else host
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def names_of(host: str) -> str:
    """Every name under which a browser may reach this host, for ALLOWED_HOSTS."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host not in ANY:
        names.append(f"[{host}]" if ":" in host else host)
    else:
        names += [socket.gethostname(), socket.getfqdn()]
        with suppress(OSError):
            names += socket.gethostbyname_ex(socket.gethostname())[2]
    return ",".join(dict.fromkeys(names))
