"""Logging in and out, and how pages look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from directory.access import source_of
from hotline.pages.frame import THEME_COOKIE, THEMES

TRIES, TRIES_OF_ADDRESS = 5, 30
LOCKED_FOR = timedelta(minutes=15)
A_YEAR = timedelta(days=365)


class LoginForm(AuthenticationForm):
    """E-mail and password. After five wrong tries from one address the account rests there for 15 minutes."""

    error_messages = {
        "invalid_login": gettext_lazy("This e-mail address and password do not belong together. Check both."),
        "inactive": gettext_lazy("This account is closed. Ask your coordinator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["username"].error_messages["required"] = _("Fill in your e-mail address.")
        self.fields["password"].label = _("Password")
        self.fields["password"].error_messages["required"] = _("Fill in your password.")

    def clean(self) -> dict[str, Any]:
        counters = self._counters()
        if any(cache.get(key, 0) >= most for key, most in counters):
            raise ValidationError(_("Too many wrong tries. Wait 15 minutes and try again."), code="throttled")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            for key, _most in counters:
                cache.add(key, 0, LOCKED_FOR.total_seconds())
                cache.incr(key)
            raise
        cache.delete(counters[0][0])
        return cleaned

    def _counters(self) -> list[tuple[str, int]]:
        """The two counters of wrong tries: of this account from this address, and of this address."""
        address = source_of(self.request) if self.request else ""
        account = str(self.data.get("username", "")).strip().lower()
        keys = ((f"{address} {account}", TRIES), (address, TRIES_OF_ADDRESS))
        return [(f"login:{salted_hmac('login', text).hexdigest()}", most) for text, most in keys]


class LoginView(auth_views.LoginView):
    template_name = "hotline/account/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme or language in a cookie and go back."""
    wanted = request.POST.get("next", "")
    is_https = request.is_secure()
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=is_https)
    response = redirect(wanted if safe else "/")
    for field, cookie, known in (
        ("theme", THEME_COOKIE, THEMES),
        ("language", settings.LANGUAGE_COOKIE_NAME, set(dict(settings.LANGUAGES))),
    ):
        if field not in request.POST:
            continue
        value = request.POST[field]
        if value in known:
            response.set_cookie(cookie, value, max_age=A_YEAR, samesite="Lax", secure=is_https, httponly=True)
        else:
            response.delete_cookie(cookie)
    return response
