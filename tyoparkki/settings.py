"""Settings: one file, the environment only, safe by default.

`make run` sets DEMO=1 (a loopback demonstration with its own sign-ins). Production sets SECRET_KEY, ALLOWED_HOSTS,
DATABASE_URL (and the owner's, system's and statistics' addresses) and REDIS_URL; docs/operations.md lists them all.
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tyoparkki import embedded, environment, folder, roles

BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.data_dir()

# --- what kind of installation this is -----------------------------------------------------------------------------
DEBUG = environment.flag("DEBUG")
TESTING = environment.flag("TYOPARKKI_TESTING")
# A command in the folder of a demonstration works in it as `make run` does.
DEMO = environment.flag("DEMO", default=not TESTING and folder.holds_demonstration(DATA_DIR))
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = environment.items("ALLOWED_HOSTS") or LOOPBACK
BIND = environment.text("BIND", "127.0.0.1")
PORT = environment.number("PORT", 8000, at_least=1, at_most=65_535)
# A plain-HTTP address is for this machine only; anything else stands behind TLS.
PLAIN_HTTP = environment.flag("PLAIN_HTTP", default=DEMO or DEBUG or TESTING)
SECRET_KEY = environment.text("SECRET_KEY") or (
    folder.secret_key(DATA_DIR) if DEMO or DEBUG or TESTING or not environment.text("DATABASE_URL") else ""
)
if not SECRET_KEY:
    raise environment.Misconfigured("SECRET_KEY is not set; an installation with its own DATABASE_URL needs its own.")
SECRET_KEY_FALLBACKS = environment.items("SECRET_KEY_FALLBACKS")
# By which single values are sealed in the database (tyoparkki/sealing.py); the first seals, all of them open.
SEALING_KEYS = environment.items("SEALING_KEYS") or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
# Whether the site records personal identity codes at all.
IDENTITY_CODES = environment.flag("TYOPARKKI_IDENTITY_CODES")

# --- apps, in the order in which they may know each other ----------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "tyoparkki",
    "team",
    "services",
    "clients",
    "employers",
    "visits",
    "feedback",
    "reports",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "tyoparkki.headers.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tyoparkki.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "team.middleware.MemberMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "team.middleware.GateMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tyoparkki.live.VersionMiddleware",
    "tyoparkki.refusal.RefusalMiddleware",
]
ROOT_URLCONF = "tyoparkki.urls"
WSGI_APPLICATION = "tyoparkki.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- pages ---------------------------------------------------------------------------------------------------------
_LOADERS: list[Any] = ["tyoparkki.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
if not DEBUG:
    _LOADERS = [("django.template.loaders.cached.Loader", _LOADERS)]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _LOADERS)],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "tyoparkki.templatetags.tp",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tyoparkki.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("bootstrap5",)
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- database: one, entered through four roles ---------------------------------------------------------------------
_EMBEDDED_DATABASE = not environment.text("DATABASE_URL")
_STATEMENT_MS = environment.number("STATEMENT_TIMEOUT_MS", 300_000)
_LOCK_MS = environment.number("LOCK_TIMEOUT_MS", 5_000)


def _database(alias: str) -> dict[str, Any]:
    role: str | None = roles.ROLE_OF_ALIAS[alias]
    own = environment.text("DATABASE_URL" if alias == "default" else f"DATABASE_{alias.upper()}_URL")
    if _EMBEDDED_DATABASE:
        url, role = embedded.database_url(str(role), data=DATA_DIR), None
    else:
        url = own or environment.text("DATABASE_URL")
    web = alias == "default"
    return {
        **environment.database(
            url,
            role=role,
            statement_timeout_ms=_STATEMENT_MS if web else max(_STATEMENT_MS, 300_000),
            lock_timeout_ms=_LOCK_MS,
        ),
        "ATOMIC_REQUESTS": web,
        "CONN_MAX_AGE": 600 if web and not TESTING else 0,
        "TEST": {"MIGRATE": True},
    }


DATABASES = {alias: _database(alias) for alias in roles.ROLE_OF_ALIAS}
DATABASE_ROUTERS: list[str] = []

# --- Valkey or Redis: broker's messages and rate limits, nothing that must last ------------------------------------
REDIS_URL = environment.text("REDIS_URL") or embedded.redis_url(data=DATA_DIR)
REDIS_CACHE_URL = environment.text("REDIS_CACHE_URL") or (
    REDIS_URL if environment.text("REDIS_URL") else embedded.redis_url(data=DATA_DIR, shelf=1)
)
CACHES = {
    "default": {
        "BACKEND": "tyoparkki.cache.SteadyCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": "tp",
        "OPTIONS": {
            "serializer": "tyoparkki.cache.JsonSerializer",
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": None,
        },
    },
    "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tyoparkki_cache"},
}

# --- sign-in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["team.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "team.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# The whole service point sits behind one public address: limits per account are tight, limits per address wide.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/300s/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if environment.text("OIDC_SERVER_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": environment.text("OIDC_PROVIDER_ID", "organisation"),
                "name": environment.text("OIDC_NAME", "Organisation"),
                "client_id": environment.text("OIDC_CLIENT_ID"),
                "secret": environment.text("OIDC_SECRET"),
                "settings": {"server_url": environment.text("OIDC_SERVER_URL")},
            }
        ],
    }
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_FORMS = {
    "add_webauthn": "team.forms.security_key.AddKeyForm",
    "edit_webauthn": "team.forms.security_key.EditKeyForm",
}

# --- sessions, cookies, headers ------------------------------------------------------------------------------------
_PREFIX = "" if PLAIN_HTTP else "__Host-"
SESSION_ENGINE = "tyoparkki.sessions"
SESSION_COOKIE_NAME = f"{_PREFIX}tp_session"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_NAME = f"{_PREFIX}tp_csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_TRUSTED_ORIGINS = environment.items("CSRF_TRUSTED_ORIGINS")
LANGUAGE_COOKIE_NAME = f"{_PREFIX}tp_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["tyoparkki"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
USE_I18N = True

# --- erasures ------------------------------------------------------------------------------------------------------
# The tombstones of whoever was erased, outside the database: an older backup must not bring anybody back.
ERASURES_FILE = environment.text("ERASURES_FILE") or str(DATA_DIR / "erasures.txt")

# --- static files --------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = environment.text("STATIC_ROOT") or DATA_DIR / "static"
STATICFILES_DIRS = [
    folder for folder in (BASE_DIR / "static" / "dist", BASE_DIR / "static" / "public") if folder.is_dir()
]
STATICFILES_STORAGE_CLASS = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE_CLASS},
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG

# --- mail: to partners' addresses, without a client's name; a folder of files until a server is named --------------
PUBLIC_URL = environment.text("PUBLIC_URL").rstrip("/") or (
    f"http://localhost:{PORT}" if PLAIN_HTTP else f"https://{ALLOWED_HOSTS[0]}"
)
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "TyöParkki <ei-vastausta@localhost>")

# --- text messages: to whoever has only a number, without a client's name; files until a gateway is named -----------
SMS_GATEWAY_URL = environment.secure_address("SMS_GATEWAY_URL")
SMS_GATEWAY_TOKEN = environment.text("SMS_GATEWAY_TOKEN")
SMS_SENDER = environment.text("SMS_SENDER", "TyoParkki")
SMS_TIMEOUT = 10
SMS_QUIET_FROM = environment.number("SMS_QUIET_FROM", 21, at_least=12, at_most=24)
SMS_QUIET_UNTIL = environment.number("SMS_QUIET_UNTIL", 8, at_most=11)
SMS_QUIET_DAYS = environment.flag("SMS_QUIET_DAYS", default=True)
SMS_FILE_PATH = DATA_DIR / "sms"
SMS_BACKEND = f"tyoparkki.sms.{'HttpGateway' if SMS_GATEWAY_URL else 'FileGateway'}"

# --- background work -----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # KB: a process that has grown so far makes way for a fresh one
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
# Whether an act wakes a worker at once; if not, the sweep finds its work within 30 seconds.
OUTBOX_NUDGES = environment.flag("OUTBOX_NUDGES", default=True)
CELERY_BEAT_SCHEDULER = "tyoparkki.beat:SteadyScheduler"
# The one place of everything that happens by the clock.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "heartbeat": {"task": "tyoparkki.tasks.beat_heart", "schedule": 20.0, "options": {"expires": 20}},
    "outbox": {"task": "tyoparkki.tasks.drain_outbox", "schedule": 30.0, "options": {"expires": 30}},
    # Often, for a machine that was off: its day is there five minutes after it wakes.
    "plan": {"task": "team.tasks.plan_ahead", "schedule": crontab(minute="*/5")},
    "night": {"task": "visits.tasks.end_past_days", "schedule": crontab(hour="3-23", minute="0")},
    "lapse": {"task": "clients.tasks.lapse_referrals", "schedule": crontab(hour="3-23", minute="25")},
    "clocks": {"task": "clients.tasks.keep_clocks", "schedule": crontab(hour="3-23", minute="15")},
    "lapsed": {"task": "clients.tasks.erase_lapsed", "schedule": crontab(hour="4-23", minute="15")},
    "sessions": {"task": "tyoparkki.tasks.clear_sessions", "schedule": crontab(hour="4-23", minute="10")},
    "figures": {"task": "reports.tasks.count_yesterday", "schedule": crontab(hour="4-23", minute="30")},
    "trace": {"task": "tyoparkki.tasks.keep_trace_ahead", "schedule": crontab(hour="4-23", minute="40")},
    # From the second on, so that the night of the first has ended what was over.
    "retention-report": {
        "task": "tyoparkki.tasks.report_retention",
        "schedule": crontab(hour="5-23", minute="50", day_of_month="2-28"),
    },
    "retention": {"task": "tyoparkki.tasks.end_what_is_over", "schedule": crontab(hour="4-23", minute="20")},
}

# --- log: one line of JSON each, no personal data ------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tyoparkki.headers.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "tyoparkki": {"level": environment.text("LOG_LEVEL", "INFO")},
        "celery": {"level": environment.text("LOG_LEVEL", "WARNING")},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
