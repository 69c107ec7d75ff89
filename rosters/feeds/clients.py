"""Which calendar program asks, by what it says of itself: enough for 'last fetched by Google', and no more is kept."""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "other"
# The first that fits; several programs also name the system they run on, so those come last.
NAMES: Mapping[str, tuple[str, ...]] = {
    "Google": ("google-calendar-importer", "google"),
    "Outlook": ("outlook", "microsoft exchange", "microsoft office", "ms-office", "exchange"),
    "Thunderbird": ("thunderbird", "lightning"),
    "Nextcloud": ("nextcloud",),
    "Android": ("icsx5", "davx5", "android"),
    "Apple": ("dataaccessd", "calendaragent", "accountsd", "ios/", "macos/", "mac os x", "mac_os_x", "iphone", "ipad"),
}


def name_of(user_agent: str) -> str:
    """'Google', 'Apple', 'Outlook', ..., or OTHER."""
    said = user_agent[:300].lower()
    return next((name for name, signs in NAMES.items() if any(sign in said for sign in signs)), OTHER)
