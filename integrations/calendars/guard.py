"""Which addresses may be asked for a calendar: the open internet, by http or https, and nothing of our own network.

The name is resolved here and the connection goes to the address that was judged, so a name that answers differently the
second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from integrations.calendars.faults import ADDRESS_REFUSED, ADDRESS_WRONG, REDIRECTS, UNREACHABLE, CalendarFault

LONGEST_ADDRESS = 2000
PORTS = {"http": 80, "https": 443}
SAFE_IN_PATH = "/%:=&?~#+!$,;'@()*[]|-._"

# What the registries of IANA call special. A v6 address must lie in the part that is given out at all (2000::/3): that
# leaves out loopback, link-local, private, multicast, IPv4-mapped and NAT64 (64:ff9b::/96) together.
_SPECIAL_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts. `target`: path and query, as it is asked."""

    scheme: str
    host: str
    port: int
    target: str

    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def is_public(ip: str) -> bool:
    """Whether this is an address of the open internet; anything that is not understood is not."""
    try:
        found = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not any(found in network for network in _SPECIAL_V4)
    if found.scope_id is not None or found not in _OPEN_V6:
        return False
    return found.is_global and not any(found in network for network in _SPECIAL_V6)


def usual_connection(ip: str, port: int) -> bool:
    return is_public(ip) and port in PORTS.values()


def resolved(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. The system's resolver knows no deadline, so it is asked aside."""
    answer: queue.Queue[list[str]] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answer.put([str(one[4][0]) for one in found])

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        return answer.get(timeout=max(0.0, seconds))
    except queue.Empty:
        return []


@dataclass(frozen=True, slots=True)
class Policy:
    """How names are resolved and which connections may be made. Only a test gives another than the default."""

    resolve: Callable[[str, int, float], list[str]] = resolved
    may_connect: Callable[[str, int], bool] = usual_connection
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


def address(text: str) -> Address:
    """What somebody pasted, as an address; webcal:// is https://. Raises CalendarFault: address_wrong."""
    text = text.strip()
    if not text or len(text) > LONGEST_ADDRESS or any(ord(letter) <= 32 or ord(letter) == 127 for letter in text):
        raise CalendarFault(ADDRESS_WRONG)
    try:
        parts = urlsplit(text)
        scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
        port = parts.port if parts.port is not None else PORTS.get(scheme, 0)
    except (ValueError, UnicodeError):
        raise CalendarFault(ADDRESS_WRONG) from None
    if scheme not in PORTS or not host or parts.username is not None or parts.password is not None or "\\" in text:
        raise CalendarFault(ADDRESS_WRONG)
    query = f"?{parts.query}" if parts.query else ""
    return Address(scheme, host, port, quote((parts.path or "/") + query, safe=SAFE_IN_PATH))


def next_address(here: Address, location: str) -> Address:
    """Where a redirect leads. Never from https to http: the address is a secret. Raises CalendarFault."""
    there = address(urljoin(here.url(), location))
    if here.scheme == "https" and there.scheme == "http":
        raise CalendarFault(REDIRECTS)
    return there


def vetted(there: Address, policy: Policy, seconds: float) -> str:
    """The IP address to connect to. One bad address among several refuses the name. Raises CalendarFault."""
    found = policy.resolve(there.host, there.port, seconds)
    if not found:
        raise CalendarFault(UNREACHABLE)
    if not all(policy.may_connect(ip, there.port) for ip in found):
        raise CalendarFault(ADDRESS_REFUSED)
    return next((ip for ip in found if ":" not in ip), found[0])
