"""All settings, read from the environment alone (see .env.example). The names there are public: others rely on them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import environ

from dashboard import (
    browser_policies,
    database_settings,
    pages_settings,
    queue_settings,
    safe_settings,
    single_sign_on,
    storage_address,
)
from dashboard import environment as env
from dashboard.languages import ENGLISH, languages
from dashboard.people_settings import *  # noqa: F403  (all that stands there is a setting)
from processing.engines.candidate import NAMED

BASE_DIR = env.BASE_DIR

# -- the installation ---------------------------------------------------------------------------
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")
HOST = env.text("HOST", "127.0.0.1").strip("[]")
if not re.fullmatch(r"[A-Za-z0-9._:-]+", HOST):
    env.stop("HOST", "an address to listen on such as 127.0.0.1, 0.0.0.0 or ::1")
PORT = env.integer("PORT", 8000, least=1, most=65535)
DEBUG = env.boolean("DEBUG", default=False)
DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.redis_or("REDIS_URL", set(), "redis://host:6379/1")
CELERY_BROKER_URL = env.redis_or("CELERY_BROKER_URL", {"amqp", "amqps"}, "redis://host:6379/0 or amqp://host")
STORAGE_URL = env.text("STORAGE_URL")
# Embedded: one machine, nothing else installed. It decides defaults only; every one of them can be set.
EMBEDDED = not DATABASE_URL and not CELERY_BROKER_URL

_generated = env.generated_secrets(DATA_DIR)
SECRET_KEY = env.text("SECRET_KEY") or _generated["SECRET_KEY"]
FIELD_ENCRYPTION_KEYS = env.fernet_keys("FIELD_ENCRYPTION_KEYS", _generated.get("FIELD_ENCRYPTION_KEYS", ""))
# Of its own, so that a new SECRET_KEY (everyone signs in again) does not end every customer's API keys.
API_KEY_PEPPER = env.text("API_KEY_PEPPER") or _generated.get("API_KEY_PEPPER", SECRET_KEY)

_own = env.address("BASE_URL", {"http", "https"}, "https://images.example.com")
if _own and (_own.path.strip("/") or _own.query or _own.username):
    env.stop("BASE_URL", "an address without a path such as https://images.example.com")
BASE_URL = env.text("BASE_URL").rstrip("/")
_own_host = _own.hostname if _own else None
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *([_own_host] if _own_host else []),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
SECURE = BASE_URL.startswith("https://")
safe_settings.refuse_unsafe(
    base_url_host=_own_host or "",
    https=SECURE,
    http_allowed=env.boolean("HTTP_ALLOWED", default=False),
    debug=DEBUG,
    host=HOST,
    allowed_hosts=ALLOWED_HOSTS,
    secret=env.text("SECRET_KEY"),
)
OUTBOUND_ALLOWED_HOSTS = env.names("OUTBOUND_ALLOWED_HOSTS")

# -- what the product offers --------------------------------------------------------------------
CREDITS_UNLIMITED = env.boolean("CREDITS_UNLIMITED", default=False)
CREDITS_FOR_NEW_ORGANIZATIONS = env.integer("CREDITS_FOR_NEW_ORGANIZATIONS", 100)
APPROVAL_DAYS = env.integer("APPROVAL_DAYS", 7, least=1, most=365)
AUDIT_KEEP_DAYS = env.integer("AUDIT_KEEP_DAYS", 0, least=0, most=36_500)
CLOSING_DAYS = env.integer("CLOSING_DAYS", 14, least=1, most=365)
CREDITS_LOW_AT = env.integer("CREDITS_LOW_AT", 10, least=0, most=1_000_000)
MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_MB", 30, least=1, most=1000) * 1_000_000
MAX_IMAGE_PIXELS = env.integer("MAX_IMAGE_MEGAPIXELS", 50, least=1, most=1000) * 1_000_000
MAX_REQUEST_BYTES = env.integer("MAX_REQUEST_MB", 2000, least=1, most=100_000) * 1_000_000
MAX_BATCH_IMAGES = env.integer("MAX_BATCH_IMAGES", 500, least=1, most=10_000)
# A text-to-image engine for backgrounds, where the operator has one.
env.address("IMAGES_ENDPOINT_URL", {"http", "https"}, "https://api.example.com/v1/images/generations")
IMAGES_ENDPOINT_URL = env.text("IMAGES_ENDPOINT_URL")
IMAGES_ENDPOINT_KEY = env.text("IMAGES_ENDPOINT_KEY")
IMAGES_ENDPOINT_MODEL = env.text("IMAGES_ENDPOINT_MODEL")
IMAGES_ENDPOINT_SEED = env.boolean("IMAGES_ENDPOINT_SEED", default=False)
IMAGES_ENDPOINT_SECONDS = env.integer("IMAGES_ENDPOINT_SECONDS", 120, least=1, most=600)
# Amazon's Selling Partner API ({region} becomes na, eu or fe) and its sign-in; others for its sandbox or a proxy.
env.address("AMAZON_SPAPI_ENDPOINT", {"http", "https"}, "https://sellingpartnerapi-{region}.amazon.com")
AMAZON_SPAPI_ENDPOINT = env.text("AMAZON_SPAPI_ENDPOINT", "https://sellingpartnerapi-{region}.amazon.com").rstrip("/")
env.address("AMAZON_LWA_ENDPOINT", {"http", "https"}, "https://api.amazon.com/auth/o2/token")
AMAZON_LWA_ENDPOINT = env.text("AMAZON_LWA_ENDPOINT", "https://api.amazon.com/auth/o2/token")
IMAGE_URL_HOURS = env.integer("IMAGE_URL_HOURS", 24, least=1, most=24 * 365)
# The file space of an organization (BackgroundCut family).
SPACE_FILE_MINUTES = env.integer("SPACE_FILE_MINUTES", 120, least=1, most=60 * 24 * 365)
SPACE_QUOTA_BYTES = env.integer("SPACE_QUOTA_GB", 10, least=1, most=100_000) * 1_000_000_000
# Seconds between two writes of the usage statistics; 0 writes them at the end of the process alone.
USAGE_FLUSH_SECONDS = env.integer("USAGE_FLUSH_SECONDS", 2, least=0, most=60)
API_WAIT_SECONDS = env.integer("API_WAIT_SECONDS", 60, least=1, most=300)
FAMILY_WAIT_SECONDS = env.integer("FAMILY_WAIT_SECONDS", 300, least=1, most=300)

# Calls without a key (POST /api/process …): for trying things out on one's own machine, not for a public address.
LEGACY_PUBLIC_ENDPOINTS = env.boolean("LEGACY_PUBLIC_ENDPOINTS", default=EMBEDDED and not SECURE)

# -- rate limits --------------------------------------------------------------------------------
RATE_LIMIT_KEY_PER_MINUTE = env.integer("RATE_LIMIT_KEY_PER_MINUTE", 600, least=1, most=10_000_000)
RATE_LIMIT_IP_PER_MINUTE = env.integer("RATE_LIMIT_IP_PER_MINUTE", 120, least=1, most=10_000_000)
RATE_LIMIT_FAILED_AUTH_PER_HOUR = env.integer("RATE_LIMIT_FAILED_AUTH_PER_HOUR", 100, least=1, most=10_000_000)

# -- webhooks -----------------------------------------------------------------------------------
WEBHOOK_TIMEOUT_SECONDS = env.integer("WEBHOOK_TIMEOUT_SECONDS", 15, least=1, most=60)
CATALOG_CHECKS_A_NIGHT = env.integer("CATALOG_CHECKS_A_NIGHT", 500, least=0, most=100_000)
PUBLISH_LOG_DAYS = env.integer("PUBLISH_LOG_DAYS", 180, least=1, most=36_500)
WEBHOOK_KEEP_DAYS = env.integer("WEBHOOK_KEEP_DAYS", 30, least=1, most=3650)
WEBHOOK_DISABLE_AFTER_DAYS = env.integer("WEBHOOK_DISABLE_AFTER_DAYS", 5, least=1, most=365)
WEBHOOK_MAX_ENDPOINTS = env.integer("WEBHOOK_MAX_ENDPOINTS", 20, least=1, most=1000)
# The data of the events of a job: made by the floor that knows addresses, called by those below it.
JOB_EVENT_DATA = "dashboard.api.job_answers.event_data"

# -- Shopify ------------------------------------------------------------------------------------
# Signing in at a shop is offered where this installation is an app at Shopify; a token works without.
SHOPIFY_CLIENT_ID = env.text("SHOPIFY_CLIENT_ID")
SHOPIFY_CLIENT_SECRET = env.text("SHOPIFY_CLIENT_SECRET")
SHOPIFY_CLIENT_SECRET_BEFORE = env.text("SHOPIFY_CLIENT_SECRET_BEFORE")
SHOPIFY_API_VERSION = env.text("SHOPIFY_API_VERSION", "2026-10")
if not re.fullmatch(r"20[0-9]{2}-(01|04|07|10)", SHOPIFY_API_VERSION):
    env.stop("SHOPIFY_API_VERSION", "a version of Shopify's interface such as 2026-10")
# From this many products on, a catalog is read as one bulk operation.
SHOPIFY_BULK_FROM = env.integer("SHOPIFY_BULK_FROM", 250, least=1, most=1_000_000)

# -- face swap ----------------------------------------------------------------------------------
# Off unless the operator says where Discord's API is: Discord forbids programs that act as a person.
env.address("DISCORD_API_URL", {"http", "https"}, "https://discord.com/api/v9")
DISCORD_API_URL = env.text("DISCORD_API_URL").rstrip("/")
FACE_SWAP_BOT = env.text("FACE_SWAP_BOT", "1090660574196674713")
FACE_SWAP_SECONDS = env.integer("FACE_SWAP_SECONDS", 120, least=5, most=600)
FACE_SWAP_POLL_SECONDS = 2.0
FACE_SWAP_KEEP_DAYS = env.integer("FACE_SWAP_KEEP_DAYS", 31, least=1, most=3650)
# About how often an account is asked for its credits while nothing else tells them.
FACE_SWAP_CREDITS_HOURS = env.integer("FACE_SWAP_CREDITS_HOURS", 6, least=1, most=24 * 7)
# The body that a replyUrl gets: made by the floor that knows addresses.
FACE_SWAP_REPLY_DATA = "dashboard.api.faceswap_answers.reply_data"

# -- segmentation -------------------------------------------------------------------------------
MODELS_DIR = Path(env.text("MODELS_DIR", str(DATA_DIR / "models"))).expanduser().resolve()
SEGMENTATION_MODEL = env.text("SEGMENTATION_MODEL", "isnet-general-use")
WEB_WORKERS = env.integer("WEB_WORKERS", 1, least=1, most=64)
if WEB_WORKERS > 1 and not REDIS_URL:
    env.stop("WEB_WORKERS", "1 while REDIS_URL is not set: rate limits are then counted in the memory of one process")
WEB_THREADS = env.integer("WEB_THREADS", 32, least=2, most=512)
WEB_TIMEOUT_SECONDS = env.integer("WEB_TIMEOUT_SECONDS", 120, least=10, most=3600)
WEB_DRAIN_SECONDS = env.integer("WEB_DRAIN_SECONDS", 5 if EMBEDDED else 30, least=1, most=600)
WORKER_QUEUES = env.some_of("WORKER_QUEUES", ("cpu", "gpu", "io"))
WORKER_DRAIN_SECONDS = env.integer("WORKER_DRAIN_SECONDS", 0 if EMBEDDED else 30, least=0, most=600)
WORKER_THREADS = env.integer("WORKER_THREADS", 2, least=1, most=64)
# A worker that has made so many images, or is larger, ends after the photos in hand; it is started again. 0: never.
WORKER_MAX_IMAGES = env.integer("WORKER_MAX_IMAGES", 0, least=0, most=100_000_000)
WORKER_MAX_MEMORY_BYTES = env.integer("WORKER_MAX_MEMORY_MB", 0, least=0, most=10_000_000) * 1_000_000
INFERENCE_THREADS = env.integer("INFERENCE_THREADS", 0, least=0, most=256)  # 0: every processor
INFERENCE_RUNTIME = env.choice("INFERENCE_RUNTIME", "auto", ("auto", *NAMED))
# Masks that are kept for a second operation on the same photo: about 40 KB each. 0 keeps none.
SEGMENTATION_CACHE_BYTES = env.integer("SEGMENTATION_CACHE_MB", 2000, least=0, most=10_000_000) * 1_000_000
JOB_LEASE_SECONDS = env.integer("JOB_LEASE_SECONDS", 30, least=2, most=3600)
JOB_ATTEMPTS = env.integer("JOB_ATTEMPTS", 3, least=1, most=20)
JOB_SECONDS = env.integer("JOB_SECONDS", 900, least=5, most=86_400)
COMPLIANCE_BADGES = env.boolean("COMPLIANCE_BADGES", default=True)

# -- signing in through another service ---------------------------------------------------------
env.address("SSO_OIDC_ISSUER", {"https", "http"}, "https://id.example.com/realms/main")
SOCIALACCOUNT_PROVIDERS = {
    **single_sign_on.service("google", env.text("SSO_GOOGLE_CLIENT_ID"), env.text("SSO_GOOGLE_CLIENT_SECRET")),
    **single_sign_on.service("github", env.text("SSO_GITHUB_CLIENT_ID"), env.text("SSO_GITHUB_CLIENT_SECRET")),
    **single_sign_on.service("gitlab", env.text("SSO_GITLAB_CLIENT_ID"), env.text("SSO_GITLAB_CLIENT_SECRET")),
    **single_sign_on.oidc(
        env.text("SSO_OIDC_NAME", "Single sign-on"),
        env.text("SSO_OIDC_ISSUER"),
        env.text("SSO_OIDC_CLIENT_ID"),
        env.text("SSO_OIDC_CLIENT_SECRET"),
    ),
}

# -- Django -------------------------------------------------------------------------------------
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = ENGLISH
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
LANGUAGES = languages(LOCALE_PATHS[0])
TIME_ZONE = "UTC"
USE_TZ = True
SITE_NAME = MFA_TOTP_ISSUER = "Packshot"

INSTALLED_APPS = [
    "dashboard",
    "integrations",
    "processing",
    "accounts",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *single_sign_on.apps(SOCIALACCOUNT_PROVIDERS),
    "allauth.usersessions",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
]

MIDDLEWARE = pages_settings.MIDDLEWARE
TEMPLATES = pages_settings.templates(BASE_DIR / "templates")

# -- database -----------------------------------------------------------------------------------
DATABASES = {"default": database_settings.described(DATABASE_URL, DATA_DIR)}
MIGRATION_LOCK_SECONDS = env.integer("MIGRATION_LOCK_SECONDS", 5, least=1, most=3600)

# -- cache and files ----------------------------------------------------------------------------
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "dashboard.cache.RedisOrMemory", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}


try:
    _files = storage_address.backend(STORAGE_URL, DATA_DIR / "files")
except ValueError:
    env.stop("STORAGE_URL", f"an address such as {storage_address.EXAMPLE}")

STORAGES = {
    "default": _files,
    "staticfiles": {"BACKEND": "dashboard.static_storage.HashedStaticFiles"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
WHITENOISE_USE_FINDERS = DEBUG

# One upload part above this goes to a temporary file; the API and the pages check the size themselves.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "dashboard.upload_handler.NamelessFileHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = str(env.folder("UPLOAD_TEMP_DIR", DATA_DIR / "uploads"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# -- queue --------------------------------------------------------------------------------------
CELERY = queue_settings.celery(CELERY_BROKER_URL, DATA_DIR / "queue" / "messages", threads=WORKER_THREADS)

# -- mail ---------------------------------------------------------------------------------------
EMAIL_URL = env.text("EMAIL_URL", "consolemail://")
try:
    _email = environ.Env.email_url_config(EMAIL_URL)
except Exception:  # noqa: BLE001
    env.stop("EMAIL_URL", "an address such as smtp+tls://user:password@host:587")
for _name, _value in _email.items():
    if _name.isupper():
        globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Packshot <packshot@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- browser security ---------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = browser_policies.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = browser_policies.PERMISSIONS_POLICY
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:
    # Browsers take a cookie of this name from its own host over https alone: no other subdomain can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
PROXY_HOPS = env.integer("PROXY_HOPS", 1, least=1, most=10)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Only a proxy tells what came over https; who watches the process asks it past the proxy.
SECURE_SSL_REDIRECT = SECURE and BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# What else stands under the operator's domain is not ours to bind to https for a year. The library `i18n` of tags is
# replaced on purpose.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "templates.W003"]
CSRF_FAILURE_VIEW = "dashboard.errors.csrf_failure"

# -- metrics ------------------------------------------------------------------------------------
# Off unless there is a token. The processes of this machine add up in a folder, which prometheus_client reads from the
# environment when it is first imported: after this.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    env.stop("METRICS_TOKEN", "a secret of at least 16 characters (make one: openssl rand -hex 24)")
METRICS_PORT = env.integer("METRICS_PORT", 0, least=0, most=65535)
METRICS_HOST = env.text("METRICS_HOST", "127.0.0.1")
METRICS_DIR = env.folder("METRICS_DIR", DATA_DIR / "metrics") if METRICS_TOKEN or METRICS_PORT else None
if METRICS_DIR:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

# -- logs ---------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "text" if sys.stderr.isatty() else "json", ("text", "json"))
# One line for each request, in JSON unless told otherwise: a developer's terminal stays readable.
LOG_REQUESTS = env.boolean("LOG_REQUESTS", default=LOG_FORMAT == "json" and not EMBEDDED)
LOGGING_CONFIG = "dashboard.logs.configure"
LOGGING = {"level": LOG_LEVEL, "format": LOG_FORMAT}
