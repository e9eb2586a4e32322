"""Settings: environment in, apps wired. The environment is documented in docs/operations.md."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL_HOME = Path(os.environ.get("PORTAL_HOME") or BASE_DIR / ".portal").absolute()

DEBUG = os.environ.get("DEBUG", "0") == "1"
DEMO_MODE = os.environ.get("DEMO_MODE", "0") == "1"


def required(name: str) -> str:
    """A setting without a safe default: missing is an error at start, never a guess."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"环境变量 {name} 未设置（见 docs/operations.md）。{name} is not set.")
    return value


SECRET_KEY = required("SECRET_KEY")
FIELD_KEYS = required("FIELD_KEYS")  # number:base64 of 32 bytes, several by comma; the last seals, all open
FIELD_CIPHER = os.environ.get("FIELD_CIPHER") or "aes-gcm"  # or sm4-gcm
#: Proxies of ours in front of the web server; the address of whoever asks is that many steps from the right in X-Forwarded-For.
PROXY_HOPS = int(os.environ.get("PROXY_HOPS") or 0)
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_COOKIES = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "unionportal",
    "unionportal.core.common",
    "unionportal.core.audit",
    "unionportal.core.files",
    "unionportal.core.workcal",
    "unionportal.core.params",
    "unionportal.core.notify",
    "unionportal.core.orgs",
    "unionportal.core.accounts",
    "unionportal.core.access",
    "unionportal.core.jobs",
    "casework",
    "visits",
    "hardship",
    "stations",
    "unionportal.reporting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "unionportal.core.common.compression.CompressedPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "unionportal.core.access.middleware.ScopeMiddleware",
    "unionportal.core.access.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "unionportal.urls"
WSGI_APPLICATION = "unionportal.wsgi.application"
FORM_RENDERER = "unionportal.core.common.renderer.PortalRenderer"

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
                "unionportal.navigation.page_context",
            ],
        },
    }
]

# Two roles on one database: `owner` migrates and owns the tables, `default` is the web role and owns nothing.
# Tests create their database through the owner and run as the web role (TEST MIRROR).
DATABASE_URL = required("DATABASE_URL")
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL") or DATABASE_URL
_database: dict[str, Any] = {**dj_database_url.parse(DATABASE_URL, conn_max_age=None)}
_database.update(ATOMIC_REQUESTS=True, CONN_HEALTH_CHECKS=True, TEST={"MIRROR": "owner"})
# Only statements of `common.spelled` can be prepared: Django's own carry their values in the text.
_database["OPTIONS"] = {**_database.get("OPTIONS", {}), "prepare_threshold": 2}
# A pool would be copied by prefork workers, so it is on only where the web server asks for it.
if os.environ.get("DATABASE_POOL"):
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 4}}
DATABASES = {"default": _database, "owner": dj_database_url.parse(DATABASE_OWNER_URL)}
DATABASE_WEB_ROLE = _database["USER"]

#: Who presents it as `Authorization: Bearer …` may read /metrics; unset, only this machine may.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

REDIS_URL = required("REDIS_URL")  # unix:///path/v.sock or redis://host:port


def redis_db(number: int, *, celery: bool = False) -> str:
    """REDIS_URL with a database number, in the spelling Django's cache or Celery wants."""
    if REDIS_URL.startswith("unix://"):
        path = REDIS_URL.removeprefix("unix://").split("?")[0]
        return f"redis+socket://{path}?virtual_host={number}" if celery else f"unix://{path}?db={number}"
    return f"{REDIS_URL.rstrip('/')}/{number}"


CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_db(3)}}

CELERY_BROKER_URL = redis_db(0, celery=True)
CELERY_RESULT_BACKEND = redis_db(1, celery=True)
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that enqueues must not wait for a broker that is away: give up fast, the sweep heals.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "unionportal.core.accounts.backends.SignedInBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "unionportal.core.accounts.passwords.ThreeClassesValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# Lockout lives in PostgreSQL (AxesDatabaseHandler), so a flushed Valkey unlocks nobody. 5 failures, 30 minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60 if not DEMO_MODE else 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "unionportal.core.common.errors_views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE_COOKIES:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = PORTAL_HOME / "staticfiles"
VENDOR_ROOT = PORTAL_HOME / "vendor"
STATICFILES_DIRS = [BASE_DIR / "static", *([("vendor", VENDOR_ROOT)] if VENDOR_ROOT.is_dir() else [])]
STATIC_HASHED = os.environ.get("STATIC_HASHED", "1") == "1" and not DEBUG
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("MEDIA_ROOT") or PORTAL_HOME / "media"},
    },
    "staticfiles": {
        "BACKEND": "unionportal.core.common.static_files.HashedFiles"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# Mail out; without a host nobody is offered mail. Chat robots are reached directly, or by a gateway of the office network.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_SECURITY", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("EMAIL_SECURITY", "") == "tls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "portal@localhost"
ROBOT_GATEWAY = os.environ.get("ROBOT_GATEWAY", "").rstrip("/")
CLAMD_ADDRESS = os.environ.get(
    "CLAMD_ADDRESS", ""
)  # host:port or unix:///path of a ClamAV daemon; empty: no virus check
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "unionportal.core.accounts.authentication.TokenAuthentication",
        "unionportal.core.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "unionportal.core.common.api.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "unionportal.core.common.api.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "unionportal.core.common.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "越工周记 API",
    "DESCRIPTION": "走访、问题诉求、月度与季度统计的接口。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # Two things have a field `state`; each keeps a name of its own in the schema.
    "ENUM_NAME_OVERRIDES": {
        "IssueStateEnum": "casework.workflow.STATE_LABELS.items",
        "JobStateEnum": "unionportal.core.jobs.models.Job.State",
        "FileStateEnum": "hardship.workflow.STATE_LABELS.items",
        "LeadStateEnum": "hardship.models.Lead.State",
        "GrantStateEnum": "hardship.money_workflow.GRANT_LABELS.items",
        "CauseEnum": "hardship.codes.CAUSES",
        "StationStateEnum": "stations.models.Station.State",
        "StationEventKindEnum": "stations.event_flow.EVENT_KIND_LABELS.items",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
