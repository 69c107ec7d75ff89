"""All settings of Piketlijn; the environment table in README.md says what each name does."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
TESTING = "pytest" in sys.modules

# --- Who we are on the network ------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
PUBLIC_URL = env.web_address("PUBLIC_URL", "http://127.0.0.1:8000")
SHORT_URL = env.web_address("SHORT_URL", PUBLIC_URL)
TELEPHONY = env.choice("TELEPHONY", env.TELEPHONY, "lab")
LAB_ADDRESS = "http://127.0.0.1:8010"
TWILIO_API_BASE = env.web_address("TWILIO_API_BASE", LAB_ADDRESS if TELEPHONY == "lab" else "")
TWILIO_REGION = env.text("TWILIO_REGION")
REAL_VENDOR = TELEPHONY == "twilio" and not (TWILIO_API_BASE and env.is_loopback(TWILIO_API_BASE))
PRODUCTION = REAL_VENDOR or not env.is_loopback(PUBLIC_URL)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [urlsplit(PUBLIC_URL).hostname or "", "127.0.0.1", "localhost", "[::1]"]

# --- Secrets: demanded in production, otherwise made once in var/ ---------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = env.field_keys(env.names("FIELD_KEYS"))
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.names("TWILIO_AUTH_TOKEN")
if PRODUCTION and "--new-field-key" not in sys.argv:  # `doctor --new-field-key` makes the key that would be missing
    _missing = [
        name
        for name, value in {
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": env.text("PUBLIC_URL"),
            "FIELD_KEYS": FIELD_KEYS,
            "TWILIO_AUTH_TOKEN": TWILIO_AUTH_TOKEN,
        }.items()
        if not value
    ]
    if _missing:
        raise ImproperlyConfigured(f"In production {', '.join(_missing)} must be set (or the same name with _FILE).")
SECRET_KEY = SECRET_KEY or env.kept(VAR_DIR / "secret_key", env.new_secret)
FIELD_KEYS = FIELD_KEYS or [env.kept(VAR_DIR / "field_key", env.new_field_key)]
TWILIO_ACCOUNT_SID = TWILIO_ACCOUNT_SID or env.kept(VAR_DIR / "account_sid", env.new_account)
TWILIO_AUTH_TOKEN = TWILIO_AUTH_TOKEN or [env.kept(VAR_DIR / "auth_token", env.new_secret)]
METRICS_TOKEN = env.text("METRICS_TOKEN")

# --- Telephone ----------------------------------------------------------------------------------------------------
HOTLINE_NUMBER = env.text("HOTLINE_NUMBER", "+31850000000")
FALLBACK_NUMBER = env.text("FALLBACK_NUMBER")
TWILIO_VOICE = env.text("TWILIO_VOICE", "Polly.Laura-Neural")
VENDOR_TIMEOUT = 5  # seconds for one REST request

# --- Django -------------------------------------------------------------------------------------------------------
# Ours early: where two apps translate the same text, the one listed first is shown.
INSTALLED_APPS = [
    "django.contrib.auth",  # directory's set-up pages leave out its groups
    "config",
    "web",
    "hotline",
    "routing",
    "rosters",
    "directory",
    "integrations",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "hotline.api.problems.ApiAnswers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.security.content_security_policy",
    "web.language.chosen_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hotline.pages.refused.RefusalPages",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hotline.pages.frame.frame",
            ],
        },
    },
]
AUTH_USER_MODEL = "directory.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# --- Database -----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.env().db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'piketlijn.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
_database["CONN_MAX_AGE"] = 600
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # One writer: IMMEDIATE takes the write lock at BEGIN, so that what a service reads cannot change under it.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 2,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database.setdefault("OPTIONS", {})["options"] = "-c lock_timeout=2000 -c statement_timeout=10000"
else:
    raise ImproperlyConfigured("DATABASE_URL: Piketlijn runs on sqlite:///... or postgres://... only.")

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- Static files, uploads ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # no build step and no folder of copies: files are served from the apps
WHITENOISE_AUTOREFRESH = DEBUG
FILES_DIR = VAR_DIR / "files"  # encrypted attachments; never below a served folder
MAX_FILE_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Mail ---------------------------------------------------------------------------------------------------------
if env.text("EMAIL_URL"):
    _mail = env.env().email_url("EMAIL_URL")
elif TELEPHONY == "lab":
    _mail = {"EMAIL_BACKEND": "integrations.lab.mail.LabBackend"}
else:
    _mail = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Piketlijn <piketlijn@example.nl>")
MAIL_REPLIES = env.mail_address("MAIL_REPLIES")

# --- Background work ----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")
SWEEP_EVERY = timedelta(seconds=1)

# --- HTTPS follows PUBLIC_URL -------------------------------------------------------------------------------------
_https = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if _https else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- API ----------------------------------------------------------------------------------------------------------
API_VERSION = "1.0.0"
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["hotline.api.tokens.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["hotline.api.throttle.PerToken"],
    "DEFAULT_PARSER_CLASSES": ["hotline.api.body.JsonBody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "hotline.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Piketlijn",
    "VERSION": API_VERSION,
    "CONTACT": {
        "name": "Piketlijn",
        "email": "beheer@piketlijn.example.nl",
        "url": "https://piketlijn.example.nl",
    },
    "LICENSE": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
    "SERVERS": [{"url": "/api/v1"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # docstrings are English and for us
    "POSTPROCESSING_HOOKS": ["hotline.api.openapi.complete"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_keys": {"()": "config.log_filter.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "piketlijn": {"level": "INFO"},
        "django.server": {"level": "WARNING"},
    },
}
