"""Every setting, from the environment. What contradicts itself is named by config/checks.py."""

import hashlib
import logging
import secrets
from pathlib import Path

import dj_database_url
import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from config.environment import envbool, envint, envlist, envsecret, envtext

BASE_DIR = Path(__file__).resolve().parent.parent

# The city. Phone numbers without a country code are read as numbers of this region.
HOTLINE_CITY_NAME_EN = envtext("HOTLINE_CITY_NAME_EN", "New Harbour High-tech Zone")
HOTLINE_CITY_NAME_ZH = envtext("HOTLINE_CITY_NAME_ZH", "新港高新区")
HOTLINE_PHONE = envtext("HOTLINE_PHONE", "12345")
HOTLINE_PHONE_REGION = envtext("HOTLINE_PHONE_REGION", "CN")
PUBLIC_BASE_URL = envtext("PUBLIC_BASE_URL", "http://localhost:8000").rstrip("/")

# Secrets. Without a SECRET_KEY each process makes its own: enough for a test or makemigrations;
# a check refuses it as soon as there is a database. The hash key recognises a suppressed number
# after its contact was erased, so it must outlive a change of the SECRET_KEY: set it apart.
SECRET_KEY = envsecret("SECRET_KEY") or secrets.token_urlsafe(50)
SECRET_KEY_FALLBACKS = [key for key in [envsecret("SECRET_KEY_OLD")] if key]
HOTLINE_HASH_KEY = (
    envsecret("HOTLINE_HASH_KEY")
    or hashlib.sha256(b"suppressed numbers:" + SECRET_KEY.encode()).hexdigest()
)

# Who may reach us, and how. TLS ends at the proxy; its header is believed only where it says so.
DEBUG = envbool("DEBUG")
ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = envlist("CSRF_TRUSTED_ORIGINS")
if envbool("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Monitors and load balancers ask the process itself, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = envint("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = envbool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = envbool("SECURE_HSTS_PRELOAD", True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# The apps, from the faces down to the ground; imports go down only (.importlinter).
INSTALLED_APPS = [
    "console",
    "crew",
    "insights",
    "hotline",
    "dispatch",
    "tickets",
    "notifications",
    "common",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# So that managers and forms can name their model's type to mypy.
django_stubs_ext.monkeypatch()

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "common.language.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.town",
            ]
        },
    }
]

# The database: PostgreSQL, always. The web server keeps a pool (config/gunicorn.conf.py says how
# large); workers and commands keep one connection for DATABASE_MAX_AGE seconds. Without the health
# check every pooled connection would cost one error page after a restart of the database.
DATABASES = {
    "default": dj_database_url.parse(
        envsecret("DATABASE_URL", "postgresql:///hotline"),
        conn_health_checks=True,
    )
}
# Bound and prepared by the server: planning our many constraints anew costs more than running them.
DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=5)
DATABASE_POOL_SIZE = envint("DATABASE_POOL_SIZE", 0)
if DATABASE_POOL_SIZE:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        "timeout": 5,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = envint("DATABASE_MAX_AGE", 0)

# People sign in by name and password.
AUTH_USER_MODEL = "common.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/sign-in/"
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Languages and clocks. The database keeps UTC; pages show the time of the city.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = envtext("HOTLINE_TIME_ZONE", "Asia/Shanghai")

# Texts. Seconds: how long more news is waited for before one is told; how long a worker may hold
# one; when to ask about one of unknown fate, counted from the doubt, the last being the end of
# waiting; between two tries of a gateway that was found broken.
TEXT_WAIT_SECONDS = envint("TEXT_WAIT_SECONDS", 90)
TEXT_LEASE_SECONDS = envint("TEXT_LEASE_SECONDS", 120)
TEXT_LOOK_SECONDS = [int(part) for part in envlist("TEXT_LOOK_SECONDS", "30,120,600")]
TEXT_PROBE_SECONDS = envint("TEXT_PROBE_SECONDS", 30)
# When a text may ring that can wait for the morning, on the clock of the city.
TEXT_HOURS = envtext("TEXT_HOURS", "08:00-21:00")

# What citizens answer. Days: until a solved problem is closed by their silence; for how long after
# the end a "no" opens it again, and a rating counts.
HOTLINE_SILENCE_DAYS = envint("HOTLINE_SILENCE_DAYS", 7)
HOTLINE_REOPEN_DAYS = envint("HOTLINE_REOPEN_DAYS", 30)

# Whom calls through Twilio ring, all at once: +14155550100, client:desk or sip:desk@example.org.
# Without one, callers are asked to leave a message.
HOTLINE_DESK_NUMBER = envlist("HOTLINE_DESK_NUMBER")

# Gateways for texts; without one they are printed to the log. docs/texts.md explains each line.
TEXT_ROUTES = envlist("TEXT_ROUTES")  # +86=json,+=twilio
GATEWAY_CONNECT_SECONDS = envint("GATEWAY_CONNECT_SECONDS", 3)
GATEWAY_READ_SECONDS = envint("GATEWAY_READ_SECONDS", 10)
TWILIO_ACCOUNT_SID = envtext("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = envsecret("TWILIO_AUTH_TOKEN")
TWILIO_FROM = envtext("TWILIO_FROM")
TWILIO_MESSAGING_SERVICE_SID = envtext("TWILIO_MESSAGING_SERVICE_SID")
TWILIO_API_BASE = envtext("TWILIO_API_BASE", "https://api.twilio.com").rstrip("/")
TWILIO_SHARED_KEY = envsecret("TWILIO_SHARED_KEY")
JSON_GATEWAY_URL = envtext("JSON_GATEWAY_URL").rstrip("/")
JSON_GATEWAY_KEY = envsecret("JSON_GATEWAY_KEY")

# Mail, for people without a number that gets texts.
EMAIL_HOST = envtext("EMAIL_HOST")
EMAIL_PORT = envint("EMAIL_PORT", 25)
EMAIL_HOST_USER = envtext("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = envsecret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = envbool("EMAIL_USE_TLS")
EMAIL_USE_SSL = envbool("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = envtext("DEFAULT_FROM_EMAIL")

# Files that people send (photos). The limits hold before a form is read.
HOTLINE_DATA = Path(envtext("HOTLINE_DATA", str(BASE_DIR / "var"))).resolve()
MEDIA_ROOT = HOTLINE_DATA / "files"
MEDIA_URL = "/files/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Scripts and styles: our own from static/, other people's picked file by file from node_modules.
STATIC_URL = "/static/"
STATIC_ROOT = Path(envtext("HOTLINE_STATIC", str(BASE_DIR / "static_collected")))
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "common.static_files.NpmFinder",
]
NODE_MODULES = BASE_DIR / "node_modules"
NPM_FILES = {
    "v/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "v/tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "v/tabler-theme.js": "@tabler/core/dist/js/tabler-theme.min.js",
    "v/htmx.js": "htmx.org/dist/htmx.min.js",
    "v/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "v/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "v/maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "v/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "common.static_files.HashedStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "woff", "woff2", "pmtiles"]

# What a page may load: from here only, nothing inline, nothing evaluated.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"

# The log: short lines, no personal data. Addresses asked for carry tokens, so they stay out too:
# django.request would log the path of every 4xx.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "short": {
            "class": "common.logs.WithoutValues",  # errors of the database hold numbers and names
            "format": "{asctime} {levelname:7} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "short"}},
    "root": {"handlers": ["stderr"], "level": envtext("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # at INFO every address asked, phone numbers included
    },
}
logging.captureWarnings(True)
