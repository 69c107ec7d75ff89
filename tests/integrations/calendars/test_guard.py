"""Which addresses are asked for a calendar: tables of what is refused, and why."""

from __future__ import annotations

import pytest

from integrations.calendars import guard
from integrations.calendars.faults import CalendarFault
from integrations.calendars.guard import Address, Policy, address, is_public, next_address, vetted


@pytest.mark.parametrize("ip", ["8.8.8.8", "93.184.216.34", "2a00:1450:400e:80c::200e", "2606:4700::1111"])
def test_the_open_internet_is_asked(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1",
        "2001::1", "2001:db8::1", "3fff::1", "100::1", "", "localhost", "127.1", "0x7f.0.0.1", "8.8.8.8.8",
    ],
)  # fmt: skip
def test_nothing_of_our_own_network_is_asked(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://agenda.example/a.ics", Address("https", "agenda.example", 443, "/a.ics")),
        (" webcal://agenda.example/a.ics ", Address("https", "agenda.example", 443, "/a.ics")),
        ("HTTP://Agenda.Example", Address("http", "agenda.example", 80, "/")),
        ("https://agenda.example:8443/a?b=c#d", Address("https", "agenda.example", 8443, "/a?b=c")),
        ("https://bücher.example/ä", Address("https", "xn--bcher-kva.example", 443, "/%C3%A4")),
        ("https://[2606:4700::1111]/a", Address("https", "2606:4700::1111", 443, "/a")),
    ],
)
def test_reads_an_address(text: str, found: Address) -> None:
    assert address(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "agenda.example/a.ics", "ftp://agenda.example/a", "file:///etc/passwd", "gopher://x/",
        "javascript:alert(1)",
        "https://", "https://jan:geheim@agenda.example/", "https://jan@agenda.example/",
        "https://agenda.example:99999/",
        "https://agenda.example/a b", "https://agenda.example/\r\nHost: x", "https://agenda.example\\@binnen/",
        "https://agenda.example/" + "a" * 2000, "https://[::1", "https://" + "ü" * 300 + ".example/",
    ],
)  # fmt: skip
def test_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        address(text)
    assert refused.value.code == "address_wrong"


def answers(*ips: str) -> Policy:
    return Policy(resolve=lambda _host, _port, _seconds: list(ips))


@pytest.mark.parametrize(
    ("url", "ips", "code"),
    [
        ("https://agenda.example/", ["8.8.8.8", "10.0.0.1"], "address_refused"),
        ("https://agenda.example/", ["127.0.0.1"], "address_refused"),
        ("https://agenda.example:22/", ["8.8.8.8"], "address_refused"),
        ("http://agenda.example:8080/", ["8.8.8.8"], "address_refused"),
        ("https://agenda.example/", [], "unreachable"),
    ],
)
def test_judges_every_address_of_a_name(url: str, ips: list[str], code: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        vetted(address(url), answers(*ips), 1)
    assert refused.value.code == code


def test_a_name_leads_to_the_address_that_was_judged() -> None:
    assert vetted(address("https://agenda.example/"), answers("2606:4700::1111", "8.8.8.8"), 1) == "8.8.8.8"


@pytest.mark.parametrize("text", ["http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://localhost/"])
def test_other_ways_to_write_this_machine_are_refused_by_where_they_lead(text: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        vetted(address(text), Policy(), 5)
    assert refused.value.code in {"address_refused", "unreachable"}


def test_the_usual_policy_allows_nothing_of_our_own() -> None:
    usual = Policy()
    assert usual.may_connect is guard.usual_connection
    assert not usual.may_connect("127.0.0.1", 443)
    assert not usual.may_connect("8.8.8.8", 25)
    assert usual.may_connect("8.8.8.8", 443)


def test_a_redirect_goes_anywhere_but_from_https_to_http() -> None:
    here = address("https://agenda.example/a/b.ics")
    assert next_address(here, "../c.ics") == address("https://agenda.example/c.ics")
    assert next_address(here, "//elders.example/") == address("https://elders.example/")
    for location, code in (("http://agenda.example/", "redirects"), ("file:///etc/passwd", "address_wrong")):
        with pytest.raises(CalendarFault) as refused:
            next_address(here, location)
        assert refused.value.code == code
