"""All settings, read once from typed environment variables; a bad value stops the start.

Every variable is named `IMPRIMATUR_…`, but for `DATABASE_URL`. With none set, everything runs
embedded: SQLite, a folder as message broker, and secrets made on first use in the data folder.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import django_stubs_ext
from environs import Env

from accounts.reserved import RESERVED_OWNERS

django_stubs_ext.monkeypatch()

env = Env(prefix="IMPRIMATUR_")
BASE_DIR = Path(__file__).resolve().parent.parent


def _read_or_create_secret(path: Path) -> str:
    """A random secret kept in `path` (mode 0600): the embedded default, never a fixed one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip() or sys.exit(f"{path} is empty: delete it and start again.")
    secret = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    return secret


# Where things are kept
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
KEYS_DIR = Path(env.str("KEYS_DIR", str(DATA_DIR / "keys")))
RUNS_DIR = Path(env.str("RUNS_DIR", str(DATA_DIR / "runs")))
BASES_DIR = Path(env.str("BASES_DIR", str(DATA_DIR / "bases")))
RELEASES_DIR = Path(env.str("RELEASES_DIR", str(DATA_DIR / "releases")))
INDEX_DIR = Path(env.str("INDEX_DIR", str(DATA_DIR / "index")))
TRUSTED_KEYS = Path(env.str("TRUSTED_KEYS", str(KEYS_DIR / "trusted_keys")))
MEDIA_ROOT = DATA_DIR / "files"  # private: served only through views that check access

# Who may talk to us
DEBUG = env.bool("INSECURE_DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or _read_or_create_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", False)
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", "Imprimatur")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Proxies in front, each of which adds the client's address to X-Forwarded-For; else that is ignored.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

# The demo shows log-in links that would be mailed, and its users' passwords, on the page.
INSECURE_DEMO = env.bool("INSECURE_DEMO", False)

INSTALLED_APPS = [
    "ledger",
    "accounts",
    "provenance",
    "training",
    "registry",
    "web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.content_security_policy",
    "accounts.nul.refuse_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "web.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.site",
            ],
        },
    },
]

# The database. SQLite takes its write lock at BEGIN (see docs/adr/0002): no "database is locked".
DATABASES = {
    "default": Env().dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'imprimatur.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In files, so that all processes of the web server count together what they limit
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

# Files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if RELEASES_STORAGE := env.json("RELEASES_STORAGE", {}):  # weights are sent from there by redirect
    STORAGES["releases"] = RELEASES_STORAGE
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Who signs in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
NAMES_PROTECTED_YEARS = env.int("NAMES_PROTECTED_YEARS", 100)  # after death, without an estate
LOGIN_REDIRECT_URL = "web:home"
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_USERNAME_BLACKLIST = sorted(RESERVED_OWNERS)
ACCOUNT_USERNAME_VALIDATORS = "config.usernames.validators"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an address earns evidence only once it is confirmed
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_RATE_LIMITS = env.json("ACCOUNT_RATE_LIMITS", {})
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "accounts.mail.ShownMailBackend")
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "imprimatur@localhost")

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.paging.BoundedPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "accounts.problems.problem_details",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {"link-guess": "30/minute"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Imprimatur",
    "DESCRIPTION": "A provenance- and consent-aware model registry.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",  # its files from here: no other host is asked
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": True},
}

# Celery: the database holds the truth, a message only says "look" (docs/adr/0002)
BROKER_URL = env.str("BROKER_URL", "filesystem://")
BROKER_DIR = DATA_DIR / "broker"
CELERY_APP = "config.celery.app"  # the relay sends through it without importing upwards
DUE_TASKS = {  # seconds between two doorbells that the relay rings for work that is due
    "provenance.attribution.tasks.expire": 60,
    "training.dispatch.tasks.sweep": 5,
    "registry.release.tasks.sweep": 5,
    "registry.recall.tasks.follow": 2,
    "training.review.tasks.recheck": 10,
    "provenance.intake.tasks.recheck": 30,
    "provenance.consent.tasks.due": 30,
    "provenance.screening.tasks.search_back": 30,
}

# A path of nginx's, `internal`, that leads to RELEASES_DIR: then nginx sends the bytes (docs/releases.md)
X_ACCEL_PATH = env.str("X_ACCEL_PATH", "").rstrip("/")

# Limits of this site
INTAKE_MAX_BYTES = env.int("INTAKE_MAX_BYTES", 32 * 1024 * 1024)
INTAKE_MAX_PIXELS = env.int("INTAKE_MAX_PIXELS", 80_000_000)
DECODER_PROCESSES = env.int("DECODER_PROCESSES", min(4, os.cpu_count() or 1))
FETCH_ALLOWED_HOSTS = env.list("FETCH_ALLOWED_HOSTS", [])  # read though private, also by http
TRAINER_THREADS = env.int("TRAINER_THREADS", os.cpu_count() or 1)
RUN_RESOURCES = env.list("RUN_RESOURCES", ["cpu"])  # what workers of this site have: cpu, gpu
RUN_DEVICE = env.str("RUN_DEVICE", "")  # this worker's; by default its host with cpu or gpuN
RUN_MAX_SECONDS = env.int("RUN_MAX_SECONDS", 24 * 3600)
RUN_CHECKPOINT_EVERY = env.int("RUN_CHECKPOINT_EVERY", 250)  # steps that a lost worker may cost
RUN_ATTEMPTS = env.int("RUN_ATTEMPTS", 3)  # workers that a run may lose before it has failed
RUN_COST_PER_HOUR = env.dict("RUN_COST_PER_HOUR", {}, subcast_values=float)  # cpu=0.05,gpu=2.5
RUN_COST_CURRENCY = env.str("RUN_COST_CURRENCY", "EUR")
RUNS_AT_ONCE = env.int("RUNS_AT_ONCE", 2)  # of one applicant; further ones wait

ASKS_PER_ADDRESS_A_WEEK = env.int("ASKS_PER_ADDRESS_A_WEEK", 3)
ASKS_PER_APPLICANT_A_DAY = env.int("ASKS_PER_APPLICANT_A_DAY", 50)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"faiss": {"level": "WARNING"}},  # it tells which of its builds it loads
}
env.seal()
