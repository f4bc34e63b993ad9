"""Which network addresses are on the public internet. Pure."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""


def is_public(address: str) -> bool:
    """Tell whether an address is one that anybody on the internet could mean.

    Not public: loopback, private, shared, link-local, multicast, unspecified and reserved ranges
    (the IANA special-purpose registries), also where IPv6 wraps such an IPv4 address.

    :param address: as ``getaddrinfo`` gives it.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        wrapped = _wrapped(ip)
        if wrapped is not None:
            return _is_public(wrapped)
        return _is_public(ip) and not ip.is_site_local
    return _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address behind a mapped, 6to4, Teredo or NAT64 one."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
