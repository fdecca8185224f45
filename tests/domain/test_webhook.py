"""Signatures, answers, waits, and where the house may call."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.destination import literal, may_call, networks
from outreach.domain.webhook import WAITS, BadSecret, Verdict, headers, secrets_of, verdict, wait


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    keys = secrets_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', keys)
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("written", ["", "   ", "whsec_c2hvcnQ=", "whsec_not base64!", "x" * 90, "ключ"])
def test_a_secret_that_signs_nothing_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(BadSecret) as refused:
        secrets_of(written)
    assert not written.strip() or written.removeprefix("whsec_") not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (301, Verdict.ENDPOINT),
        (400, Verdict.EVENT),
        (401, Verdict.ENDPOINT),
        (404, Verdict.ENDPOINT),
        (410, Verdict.GONE),
        (422, Verdict.EVENT),
        (429, Verdict.ENDPOINT),
        (500, Verdict.EVENT),
        (503, Verdict.ENDPOINT),
    ],
)
def test_what_an_answer_means(status: int, meant: Verdict) -> None:
    assert verdict(status) is meant


@given(failures=st.integers(1, 200), chance=st.floats(0, 0.999), wished=st.none() | st.floats(0, 1e9))
def test_waits_grow_from_seconds_to_half_a_day_and_never_undercut_the_receivers_wish(
    failures: int, chance: float, wished: float | None
) -> None:
    found = wait(failures, chance, wished)
    assert timedelta(seconds=4) <= found <= timedelta(hours=14.4)
    assert found >= min(timedelta(seconds=wished or 0), WAITS[-1])
    assert wait(failures, 0.5) <= wait(failures + 1, 0.5)


ADDRESSES = st.ip_addresses()


@given(ADDRESSES)
def test_no_address_that_is_not_public_may_be_called(address: IPv4Address | IPv6Address) -> None:
    if may_call(address):
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local, address.is_multicast))


@given(st.ip_addresses(v=4))
def test_an_address_in_ipv6_clothes_may_be_called_only_where_it_may_be_without(address: IPv4Address) -> None:
    mapped = IPv6Address(f"::ffff:{address}")
    assert may_call(mapped) == may_call(address)
    for clothes in ("64:ff9b::", "2002:"):
        number = f"{int(address) >> 16:x}:{int(address) & 0xFFFF:x}"
        assert not may_call(IPv6Address(f"{clothes}{number}{'::' if clothes == '2002:' else ''}"))


INSIDE = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "192.168.0.1", "224.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::127.0.0.1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_in_the_house_may_be_called_only_by_its_setting(address: str) -> None:
    assert not may_call(ip_address(address))
    assert may_call(ip_address(address), networks(f"{address}, 203.0.113.0/24"))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert may_call(ip_address(address))


def test_localhost_is_this_machine_whatever_a_record_says() -> None:
    assert literal("LocalHost.") == IPv4Address("127.0.0.1")
    assert literal("[::1]") == IPv6Address("::1")
    assert literal("erp.northwind.example") is None
