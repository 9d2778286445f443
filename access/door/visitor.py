"""Where a request comes from, and whether it is our own page that sent it."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from data_model.settings import settings

_FORWARDING = frozenset({"forwarded", "via", "x-real-ip"})


def address_of(connection: HTTPConnection) -> str:
    """The address of who asks. What a proxy says of it is believed from `trusted_proxies` alone."""
    trusted = settings().trusted_proxies
    address = connection.client.host if connection.client else ""
    for before in reversed(_forwarded_for(connection)):
        if address and address not in trusted:
            break
        address = before
    return address or "unknown"


def is_of_this_machine(connection: HTTPConnection) -> bool:
    """Whether somebody at this very machine asks for it by its own name, and no proxy stands between.

    A proxy is taken to bring somebody else, whoever it says it is: nothing tells how far to believe it. One that says
    nothing of itself and asks for 127.0.0.1 cannot be told from a browser here.
    """
    if any(name in _FORWARDING or name.startswith("x-forwarded-") for name in connection.headers):
        return False
    asked_for = _parts(f"//{connection.headers.get('host', '')}").hostname or ""
    return _is_loopback(asked_for) and (connection.client is None or _is_loopback(connection.client.host))


def is_our_host(connection: HTTPConnection) -> bool:
    """Whether the request was meant for this app, by the name that people know it by or at this very machine."""
    host = connection.headers.get("host", "")
    return host == urlsplit(settings().public_url).netloc or _is_loopback(_parts(f"//{host}").hostname or "")


def is_our_origin(connection: HTTPConnection) -> bool:
    """Whether a page of this app sent the request, by its Origin."""
    origin = _parts(connection.headers.get("origin", ""))
    public = urlsplit(settings().public_url)
    if (origin.scheme, origin.netloc) == (public.scheme, public.netloc):
        return True
    # At this very machine the port may be another one than that of public_url.
    return _is_loopback(origin.hostname or "") and origin.netloc == connection.headers.get("host")


def is_our_form(connection: HTTPConnection) -> bool:
    """Whether a form was sent by a page of this app.

    Browsers say so themselves, in headers that no page can set: Sec-Fetch-Site, or Origin where they are older. With
    that, and a cookie that is SameSite, a token in the form would add nothing but a way for a page to go stale.
    """
    site = connection.headers.get("sec-fetch-site")
    return site == "same-origin" if site else is_our_origin(connection)


def _parts(address: str) -> SplitResult:
    """The parts of an address as a browser, or anybody, wrote it; empty ones where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _forwarded_for(connection: HTTPConnection) -> list[str]:
    said = ",".join(connection.headers.getlist("x-forwarded-for"))
    return [address.strip() for address in said.split(",") if address.strip()]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
