"""Settings of the hub. Each value comes from the environment or from a stated default; see docs/how-to."""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
HUB_DIR = Path(os.environ.get("HUB_DIR", BASE_DIR / ".hub"))

#: Which of the three logins this process uses: owner (migrates), web (serves), worker (carries).
HUB_LOGIN = os.environ.get("HUB_LOGIN", "owner")


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL names {parts.scheme!r}; the hub runs on PostgreSQL only")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "hub",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {},
        "TEST": {"NAME": "test_hub"},
    }


def _url_for_login() -> str:
    owner = os.environ.get("DATABASE_URL", "postgresql://hub_owner@/hub?host=" + str(HUB_DIR / "run"))
    if HUB_LOGIN == "owner":
        return owner
    given = os.environ.get(f"HUB_{HUB_LOGIN.upper()}_DATABASE_URL")
    if given:
        return given
    parts = urlsplit(owner)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://hub_{HUB_LOGIN}@{place}{parts.path}" + (
        f"?{parts.query}" if parts.query else ""
    )


DATABASES = {"default": _database(_url_for_login())}
REDIS_URL = os.environ.get("REDIS_URL", "redis+socket://" + str(HUB_DIR / "run" / "valkey.sock"))


def _cache_location(url: str) -> str:
    """The second database of the same server: the first holds Celery's queue."""
    if url.startswith("redis+socket://"):
        return "unix://" + url.removeprefix("redis+socket://").partition("?")[0] + "?db=1"
    parts = urlsplit(url)
    return parts._replace(path="/1").geturl()


TESTING = "pytest" in sys.modules
DEBUG = False
SECRET_KEY = os.environ.get("HUB_SECRET_KEY", "")
if not SECRET_KEY:
    _kept = HUB_DIR / "secret_key"
    if _kept.exists():
        SECRET_KEY = _kept.read_text().strip()
    elif (
        TESTING
        or {"makemigrations", "check", "spectacular", "documents"} & set(sys.argv)
        or "mypy" in sys.argv[0]
    ):
        SECRET_KEY = "only for tests and checks, which serve nobody"  # noqa: S105
    else:
        raise ImproperlyConfigured("Set HUB_SECRET_KEY to a long random text (./hub up makes one for you)")

ALLOWED_HOSTS = os.environ.get("HUB_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HUB_ADDRESS = os.environ.get("HUB_ADDRESS", "http://127.0.0.1:8000")
HUB_SECURE = HUB_ADDRESS.startswith("https://")
CSRF_TRUSTED_ORIGINS = [HUB_ADDRESS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "events",
    "homes",
    "incidents",
    "voice",
    "oversight",
    "hesley_hub",
]

MIDDLEWARE = [
    "hesley_hub.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "hesley_hub.middleware.OnlyReadableRequests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hesley_hub.middleware.OneTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hesley_hub.sign_in.sessions.SessionsEnd",
    "hesley_hub.middleware.Viewer",
    "hesley_hub.middleware.SignInEverywhere",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hesley_hub.looking.middleware.KeepsLooks",
]

ROOT_URLCONF = "hesley_hub.urls"
WSGI_APPLICATION = "hesley_hub.wsgi.application"
AUTH_USER_MODEL = "homes.User"
AUTHENTICATION_BACKENDS = ["hesley_hub.sign_in.backend.OneLook"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "hesley_hub.sign_in.adapter.HubAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_DISPLAY = "hesley_hub.sign_in.adapter.display_name"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
#: Behind a proxy every request comes from the proxy: the address that tries are counted for is the one it adds last.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HUB_PROXIES", "0"))
#: Failed tries are slowed by hesley_hub.sign_in.throttling, which shuts nobody out.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
MFA_ADAPTER = "hesley_hub.sign_in.adapter.HubFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HUB_SECURE  # a browser offers passkeys without TLS on localhost only
MFA_FORMS = {
    "authenticate": "hesley_hub.sign_in.forms.CodeForm",
    "reauthenticate": "hesley_hub.sign_in.forms.CodeAgainForm",
    "activate_totp": "hesley_hub.sign_in.forms.AppForm",
    "add_webauthn": "hesley_hub.sign_in.forms.KeyForm",
}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"

#: Shared by all web processes; tests of the cache itself use the real one.
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "hesley_hub.sign_in.cache.SharedCache",
        "LOCATION": _cache_location(REDIS_URL),
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001"
]  # guardian keeps grants; who may see what is read from access tables

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
                "hesley_hub.interface.context.hub",
            ],
        },
    },
]
FORM_RENDERER = "hesley_hub.interface.forms.HubRenderer"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"] if (BASE_DIR / "static" / "dist").exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if HUB_SECURE:  # a browser takes a cookie of this name from this host alone, and over TLS alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
#: What a page says of itself once stays on the server, too.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HUB_SECURE
SECURE_SSL_REDIRECT = HUB_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if HUB_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HUB_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HUB_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
#: Bytes of a whole request: a list of homes of 20 MB with its form, and nothing larger anywhere.
HUB_LARGEST_REQUEST = 20_100_000

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"  # for people; the database keeps UTC
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hesley_hub.api.tokens.TokenAuthentication",
        "hesley_hub.api.tokens.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hesley_hub.api.parsers.StrictJSON"],
    "DEFAULT_PAGINATION_CLASS": "hesley_hub.api.pages.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
    "DATETIME_FORMAT": "iso-8601",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hesley Hub",
    "DESCRIPTION": "Records, homes and alerts of the safeguarding hub. A record here is not a referral.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {"OpinionEnum": "oversight.visits.models.Opinion.choices"},
}

#: Seconds between two looks at what is due, for the case that a prompt was lost.
HUB_RELAY_EVERY = float(os.environ.get("HUB_RELAY_EVERY", "2"))
HUB_DELIVER_EVERY = float(os.environ.get("HUB_DELIVER_EVERY", "2"))
HUB_CLIMB_EVERY = float(os.environ.get("HUB_CLIMB_EVERY", "20"))
#: Seconds between two looks whether a weekly digest is due.
HUB_DIGEST_EVERY = float(os.environ.get("HUB_DIGEST_EVERY", "600"))
#: Seconds between two heartbeats; between two looks whether one has come through; after which one comes too late.
HUB_HEARTBEAT_EVERY = float(os.environ.get("HUB_HEARTBEAT_EVERY", "60"))
HUB_PULSE_EVERY = float(os.environ.get("HUB_PULSE_EVERY", "10"))
HUB_HEARTBEAT_LATE = float(os.environ.get("HUB_HEARTBEAT_LATE", "90"))
#: Handlings, and e-mails, dealt with at a time, before a worker asks what else is waiting.
HUB_RELAY_BATCH = int(os.environ.get("HUB_RELAY_BATCH", "10"))
HUB_DELIVERY_BATCH = int(os.environ.get("HUB_DELIVERY_BATCH", "20"))
#: Seconds after which the broker hands a task of a worker that has vanished to another.
HUB_TASK_LOST_AFTER = float(os.environ.get("HUB_TASK_LOST_AFTER", "300"))


def _every(seconds: float, task: str) -> dict[str, object]:
    """A line of beat's schedule. A tick waits a minute at least: where all workers are busy for longer than its interval,
    one that is dropped for the next would never have its turn.
    """
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 60)}}


CELERY = {
    "broker_url": REDIS_URL,
    "result_backend": None,
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {
        "visibility_timeout": HUB_TASK_LOST_AFTER,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
    },
    "task_publish_retry": False,
    "timezone": "UTC",
    "enable_utc": True,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "task_time_limit": 600,
    "beat_scheduler": "hesley_hub.ticking:Ticks",
    "beat_schedule": {
        "relay": _every(HUB_RELAY_EVERY, "events.tasks.relay"),
        "deliver": _every(HUB_DELIVER_EVERY, "oversight.tasks.deliver"),
        "heartbeat": _every(HUB_HEARTBEAT_EVERY, "oversight.tasks.heartbeat"),
        "pulse": _every(HUB_PULSE_EVERY, "oversight.tasks.pulse"),
        "climb": _every(HUB_CLIMB_EVERY, "oversight.tasks.climb"),
        "seal": {"task": "homes.looking.tasks.seal_looks", "schedule": 10.0, "options": {"expires": 10}},
        "digest": {
            "task": "hesley_hub.looking.tasks.tell_latest_digest",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "weekly": _every(HUB_DIGEST_EVERY, "hesley_hub.demo.tasks.weekly"),
        "daily": {"task": "hesley_hub.demo.tasks.daily", "schedule": 600.0, "options": {"expires": 600}},
        "sessions": {
            "task": "hesley_hub.sign_in.tasks.clear_ended_sessions",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
    },
}

#: A handler that fails this often on one event parks it and alarms the operator; seconds of the first wait (each next
#: one is twice as long) and of the longest.
HUB_HANDLING_ATTEMPTS = int(os.environ.get("HUB_HANDLING_ATTEMPTS", "6"))
HUB_HANDLING_BACKOFF = float(os.environ.get("HUB_HANDLING_BACKOFF", "1"))
HUB_HANDLING_LONGEST_WAIT = float(os.environ.get("HUB_HANDLING_LONGEST_WAIT", "600"))
#: Mail: in a live world the configured server, in a demo the sink. Waits and leases: docs/reference/delivery.md.
HUB_SMTP_URL = os.environ.get("HUB_SMTP_URL", "")
HUB_SMTP_TIMEOUT = float(os.environ.get("HUB_SMTP_TIMEOUT", "10"))
HUB_SMTP_DEADLINE = float(os.environ.get("HUB_SMTP_DEADLINE", "30"))
HUB_DELIVERY_LEASE = float(os.environ.get("HUB_DELIVERY_LEASE", "40"))
HUB_DELIVERY_WAITS = [
    float(seconds)
    for seconds in os.environ.get(
        "HUB_DELIVERY_WAITS", "5,30,120,300,600,1200,1800,3600,3600,3600,3600"
    ).split(",")
]
HUB_DELIVERY_JITTER = float(os.environ.get("HUB_DELIVERY_JITTER", "0.2"))
HUB_DELIVERY_REFUSALS = int(os.environ.get("HUB_DELIVERY_REFUSALS", "3"))
HUB_DELIVERY_SLOTS = int(os.environ.get("HUB_DELIVERY_SLOTS", "6"))
if HUB_DELIVERY_LEASE <= HUB_SMTP_DEADLINE:
    raise ImproperlyConfigured("HUB_DELIVERY_LEASE must be longer than HUB_SMTP_DEADLINE")
#: Where heartbeats are mailed; empty: the server is asked each time whether it would take one, and given none.
HUB_HEARTBEAT_MAIL = os.environ.get("HUB_HEARTBEAT_MAIL", "")
#: The outside monitor: asked for at each heartbeat that came through, and at each alarm; seconds it may take. The worker
#: asks for the website at HUB_WEB_ADDRESS, under the name of HUB_ADDRESS.
HUB_MONITOR_URL = os.environ.get("HUB_MONITOR_URL", "")
HUB_MONITOR_FAIL_URL = os.environ.get("HUB_MONITOR_FAIL_URL", "")
HUB_MONITOR_TIMEOUT = float(os.environ.get("HUB_MONITOR_TIMEOUT", "5"))
HUB_WEB_ADDRESS = os.environ.get("HUB_WEB_ADDRESS", HUB_ADDRESS)
HUB_MAIL_FROM = os.environ.get("HUB_MAIL_FROM", "Hesley Hub <hub@hub.example>")
#: Where e-mails come back to; each leaves with its own key in it (bounces+KEY@...), which the mail server must take.
HUB_RETURN_PATH = os.environ.get("HUB_RETURN_PATH", "")
HUB_OPERATOR_MAIL = os.environ.get("HUB_OPERATOR_MAIL", "operator@hub.example")
#: Where the newest digest of the record of looking goes once a day; best kept by somebody else. Empty: nowhere.
HUB_AUDIT_MAIL = os.environ.get("HUB_AUDIT_MAIL", "")

#: Reading of people's records by one person, above which the next page waits (docs/reference/hardening.md). Pages within
#: an hour: one every twenty seconds, without a pause. People and records named on them within an hour: thirty full pages
#: of a list. Files taken away, CSV or PDF, within a day. Nobody is kept from recording or from answering an alert.
HUB_PAGES_AN_HOUR = int(os.environ.get("HUB_PAGES_AN_HOUR", "180"))
HUB_ROWS_AN_HOUR = int(os.environ.get("HUB_ROWS_AN_HOUR", "3000"))
HUB_FILES_A_DAY = int(os.environ.get("HUB_FILES_A_DAY", "40"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "hesley_hub.logs.Plain"}},
    "filters": {"by_route": {"()": "hesley_hub.logs.ByRoute"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["by_route"]}
    },
    # What a task failed with may quote a record; hesley_hub.tasks says which task, and where.
    "loggers": {"celery.app.trace": {"level": "CRITICAL"}, "django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("HUB_LOG_LEVEL", "INFO")},
}
