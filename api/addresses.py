"""Addresses that everybody can reach, told from those that only this machine and its neighbours can.

A program that fetches what others name is a way into the network it stands in: the database without a
password, the printer, the address where a cloud hands out keys. What is not known to be public is not.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Where clouds hand out keys to whatever runs on a machine: nobody keeps documents there.
_KEYS = tuple(
    ip_network(block)
    for block in ("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "fe80::/10", "fd00:ec2::/32")
)
# From the registries of special-purpose addresses (https://www.iana.org/assignments/iana-ipv4-special-registry,
# -ipv6-special-registry). The standard library's `is_global` has changed between versions and lets through
# what leads elsewhere (multicast, 6to4): it is asked, too, but does not decide alone.
_NOT_PUBLIC = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT; some clouds hand out keys there
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address by its number; on Azure it is the machine that runs this one
        "169.254.0.0/16",  # link-local, where clouds hand out keys
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # Teredo and other protocols, which carry addresses within addresses
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
_PUBLIC_V6 = ip_network(
    "2000::/3"
)  # what is given out; NAT64, v4-mapped, link-local and the rest lie outside


def is_public(address: str) -> bool:
    """Whether an address, as text, is one of the public internet; what is no address is not."""
    found = _parsed(address)
    if found is None or not found.is_global or any(found in block for block in _NOT_PUBLIC):
        return False
    return isinstance(found, IPv4Address) or found in _PUBLIC_V6


def is_private_host(address: str) -> bool:
    """Whether an address can be that of a machine with documents, in this network or not."""
    found = _parsed(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found is None or found.is_multicast or found.is_unspecified:
        return False
    return not any(found in block for block in (*_KEYS, ip_network("240.0.0.0/4")))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address, and for one with a zone (`fe80::1%eth0`), which is of one network."""
    try:
        return None if "%" in address else ip_address(address)
    except ValueError:
        return None
