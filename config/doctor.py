"""What `manage.py doctor` looks at: one function per part, each with what it found and the cure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import get_connection
from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from twilio.request_validator import RequestValidator

import directory.queries
from config import boot, broker, environment, health
from integrations import clock, sweep
from integrations.errors import VendorError
from integrations.twilio import rest

UNKNOWN_LEG = "/twilio/l/x/status"  # a status of a leg that is none: heard, and nothing happens
SKEW_NOTED, SKEW_WRONG = 5, 60  # seconds


class Level(StrEnum):
    OK = gettext_noop("OK")
    NOTE = gettext_noop("NOTE")
    FAULT = gettext_noop("FAULT")


@dataclass(frozen=True)
class Finding:
    level: Level
    text: str
    cure: str = ""


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def note(text: str, cure: str) -> Finding:
    return Finding(Level.NOTE, text, cure)


def fault(text: str, cure: str) -> Finding:
    return Finding(Level.FAULT, text, cure)


def look_at_settings() -> Finding:
    if settings.PRODUCTION and settings.DEBUG:
        return fault(_("DEBUG is on in production: errors show what nobody may see."), _("Remove DEBUG."))
    if settings.REAL_VENDOR and not settings.PUBLIC_URL.startswith("https://"):
        return fault(_("PUBLIC_URL is not https: calls and logins can be listened to."), _("Set PUBLIC_URL to https."))
    if "*" in settings.ALLOWED_HOSTS:
        return note(_("ALLOWED_HOSTS lets every name in."), _("List the names of this server."))
    if settings.PRODUCTION and environment.is_loopback(settings.SHORT_URL):
        return fault(_("Links in text messages point at this machine."), _("Set SHORT_URL to a public address."))
    return ok(
        _("telephony %(kind)s, public address %(url)s") % {"kind": settings.TELEPHONY, "url": settings.PUBLIC_URL}
    )


def look_at_database() -> Finding:
    try:
        missing = health.missing_migrations()
    except Error as error:
        return fault(
            _("The database does not answer (%(error)s).") % {"error": type(error).__name__},
            _("Check DATABASE_URL and whether the server runs."),
        )
    if missing:
        return fault(_("%(count)d migrations were not run.") % {"count": missing}, _("Run `manage.py migrate`."))
    return ok(connection.display_name)


def look_at_people() -> Finding:
    if settings.REAL_VENDOR and directory.queries.has_demo_people():
        return fault(
            _("There are demo people, and a real vendor would ring real phones: nothing starts like this."),
            _("Use TELEPHONY=lab, or an empty database."),
        )
    return ok(_("no demo people with a real vendor"))


def look_at_sweep() -> Finding:
    last = sweep.last_tick()
    cure = _("Start the web server, a worker with beat, or `manage.py sweep`.")
    if last is None:
        return note(_("The sweep has never run."), cure)
    seconds = max(0, int((clock.now() - last).total_seconds()))
    if seconds > SKEW_WRONG:
        return note(_("The last sweep was %(seconds)d seconds ago: nothing is sent.") % {"seconds": seconds}, cure)
    return ok(_("swept %(seconds)d seconds ago") % {"seconds": seconds})


def look_at_broker() -> Finding:
    if not settings.CELERY_BROKER_URL:
        return ok(_("none: the web server sweeps by itself"))
    try:
        broker.answers()
    except Exception as error:  # the library raises what its transports raise
        return fault(
            _("The broker does not answer (%(error)s).") % {"error": type(error).__name__},
            _("Start it, or remove CELERY_BROKER_URL: the web server then sweeps by itself."),
        )
    return ok(_("answers"))


def look_at_vendor() -> Finding:
    """The vendor's door with our credentials, and its clock."""
    try:
        theirs = rest.vendor_clock()
    except VendorError as error:
        if error.status in {401, 403}:
            return fault(
                _("The vendor does not know us (HTTP %(status)d).") % {"status": error.status},
                _("Check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_REGION: each region has its own."),
            )
        cure = (
            _("Start `manage.py lab`.") if settings.TELEPHONY == "lab" else _("Check TWILIO_API_BASE and the network.")
        )
        return fault(_("The vendor does not answer (%(error)s).") % {"error": error}, cure)
    if theirs is None:
        return ok(_("answers, and knows us"))
    skew = abs(int((clock.now() - theirs).total_seconds()))
    told = _("The clock here differs %(seconds)d seconds from the vendor's.") % {"seconds": skew}
    cure = _("Let the system keep time by NTP.")
    if skew > SKEW_WRONG:
        return fault(told, cure)
    return note(told, cure) if skew > SKEW_NOTED else ok(_("answers, knows us, and has the same time"))


def look_at_signature() -> Finding:
    """What the vendor does: a signed request to our public address; and what a stranger does: one without."""
    form = {"CallSid": "doctor", "CallStatus": "ringing"}
    address = settings.PUBLIC_URL + UNKNOWN_LEG
    token = next(iter(settings.TWILIO_AUTH_TOKEN), "")
    signature = str(RequestValidator(token).compute_signature(address, form))
    try:
        signed = _post(address, form, signature)
        unsigned = _post(address, form, "x")
    except requests.RequestException as error:
        return fault(
            _("PUBLIC_URL cannot be reached from here (%(error)s).") % {"error": type(error).__name__},
            _("Start the web server; check PUBLIC_URL, DNS, the certificate and the proxy."),
        )
    if unsigned != 403:
        return fault(
            _("A request without our signature is not refused (HTTP %(status)d).") % {"status": unsigned},
            _("PUBLIC_URL leads somewhere else: point it at this server."),
        )
    if signed == 403:
        return fault(
            _("Our own signature is refused."),
            _("The server runs with another token or PUBLIC_URL, or the proxy changes the path: make them the same."),
        )
    if signed >= 300:
        return fault(
            _("A signed request is answered with HTTP %(status)d.") % {"status": signed},
            _("Read the log of the web server."),
        )
    return ok(_("accepted over the public address, a forged one refused"))


def _post(address: str, form: dict[str, str], signature: str) -> int:
    answer = requests.post(
        address, data=form, headers={"X-Twilio-Signature": signature}, timeout=5, allow_redirects=False
    )
    return answer.status_code


def look_at_mail() -> Finding:
    try:
        server = get_connection(timeout=settings.EMAIL_TIMEOUT)
        server.open()
        server.close()
    except Exception as error:  # smtplib, ssl and sockets each have their own
        return fault(
            _("The mail server does not let us in (%(error)s).") % {"error": type(error).__name__},
            _("Check EMAIL_URL."),
        )
    sender = settings.DEFAULT_FROM_EMAIL
    if settings.PRODUCTION and "example." in sender:
        return note(_("Mail is sent as %(sender)s.") % {"sender": sender}, _("Set MAIL_FROM to an address of yours."))
    return ok(_("as %(sender)s") % {"sender": sender})


def look_at_fallback() -> Finding:
    if lines := boot.lines_without_fallback():
        make = fault if settings.REAL_VENDOR else note
        return make(
            _("No staffed number behind: %(lines)s. After a fault of ours a caller gets only a promise.")
            % {"lines": lines},
            _("Set FALLBACK_NUMBER, or the number of each line, to a number that somebody answers."),
        )
    return ok(_("every line has one"))


def look_at_static() -> Finding:
    if finders.find("web/css/base.css") is None:
        return fault(_("The style sheets are not found."), _("Install the whole of Piketlijn, `web/static` included."))
    return ok(_("found, no build step needed"))


def look_at_address() -> Finding:
    """Whether the name of PUBLIC_URL is one we answer to."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if host in settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        return ok(host)
    if any(name.startswith(".") and host.endswith(name) for name in settings.ALLOWED_HOSTS):
        return ok(host)
    return fault(
        _("ALLOWED_HOSTS has not the name of PUBLIC_URL (%(host)s).") % {"host": host}, _("Add it to ALLOWED_HOSTS.")
    )


CHECKS: dict[str, Callable[[], Finding]] = {
    gettext_noop("settings"): look_at_settings,
    gettext_noop("address"): look_at_address,
    gettext_noop("database"): look_at_database,
    gettext_noop("people"): look_at_people,
    gettext_noop("sweep"): look_at_sweep,
    gettext_noop("broker"): look_at_broker,
    gettext_noop("vendor and clock"): look_at_vendor,
    gettext_noop("signature"): look_at_signature,
    gettext_noop("mail"): look_at_mail,
    gettext_noop("fallback number"): look_at_fallback,
    gettext_noop("static files"): look_at_static,
}
NEED_THE_DATABASE = {look_at_people, look_at_sweep, look_at_fallback}


def findings() -> list[tuple[str, Finding]]:
    """Every check with what it found; those that need the database are left out when that has a fault."""
    found: list[tuple[str, Finding]] = []
    has_database = True
    for name, look in CHECKS.items():
        if look in NEED_THE_DATABASE and not has_database:
            continue
        finding = look()
        if look is look_at_database:
            has_database = finding.level is Level.OK
        found.append((name, finding))
    return found
