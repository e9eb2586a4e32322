"""Where a request comes from, for counting how often somebody asks. Never stored as it is."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_network(request: HttpRequest) -> str:
    """The sender's IPv4 address or IPv6 /64 network (a household has a whole one); "" where it is unknown.

    X-Forwarded-For is believed only for as many proxies as PROXY_HOPS says are ours: what stands before is written by the sender.
    """
    text = request.META.get("REMOTE_ADDR", "")
    hops = settings.PROXY_HOPS
    if hops:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        text = forwarded[-hops] if len(forwarded) >= hops else text
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 6:
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
