"""All settings, read from the environment; docs/configuration.md lists every variable with its default."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.beat import make_schedule
from lib.env import read_choice, read_days, read_flag, read_folder, read_list, read_number, read_text
from lib.secrets import read_or_make_secret

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

# Where this installation keeps everything of its own
DATA_DIR = read_folder("DEBRIEF_DATA_DIR", BASE_DIR / "var")
SCRATCH_DIR = DATA_DIR / "scratch"
DOCUMENTS_DIR = DATA_DIR / "documents"
EXPORTS_DIR = DATA_DIR / "exports"
FONTS_DIR = BASE_DIR / "static" / "fonts"
FONT_CACHE_DIR = DATA_DIR / "cache" / "fonts"
OWN_REPLICA_DIR = DATA_DIR / "replica"
EXAMPLE_DIR = DATA_DIR / "example"
# Files attached as evidence; the signed records of restore tests, each as a file beside its row; the keys that sign them
RECORDS_DIR = DATA_DIR / "records"
EVIDENCE_DIR = DATA_DIR / "evidence"
# Files attached to incidents; a document shows pictures of both.
ATTACHMENTS_DIR = DATA_DIR / "attachments"
PICTURE_DIRS = [ATTACHMENTS_DIR, EVIDENCE_DIR]
EVIDENCE_KEY_FILE = read_folder("DEBRIEF_EVIDENCE_KEY_FILE", DATA_DIR / "keys" / "evidence-key")
EVIDENCE_OLD_KEYS_DIR = DATA_DIR / "keys" / "evidence-old"
REDIS_SOCKET = DATA_DIR / "redis.sock"

# The address people use
HOST = read_text("DEBRIEF_HOST", "127.0.0.1")
PORT = read_number("DEBRIEF_PORT", 8000, at_least=1)
BASE_URL = read_text("DEBRIEF_BASE_URL", f"http://{'localhost' if HOST in ('127.0.0.1', '0.0.0.0') else HOST}:{PORT}")  # noqa: S104
_address = urlsplit(BASE_URL)
ALLOWED_HOSTS = read_list(
    "DEBRIEF_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", _address.hostname or "localhost"]
)
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

DEBUG = read_flag("DEBRIEF_DEBUG", default=False)
SECRET_KEY = read_text("DEBRIEF_SECRET_KEY", "") or read_or_make_secret(DATA_DIR / "keys" / "secret-key")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _address.scheme == "https"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "debrief_session", "debrief_csrf"
BEHIND_PROXY = read_flag("DEBRIEF_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "csp",
    "django_celery_beat",
    "auditlog",
    "config",
    "accounts",
    "notifications",
    "incidents",
    "recovery",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Answers what open pages ask every few seconds, before a session, a person or a template is loaded.
    "incidents.middleware.UnchangedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.ChangesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReaderTimezoneMiddleware",
    "config.middleware.StorageTroubleMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.tz",
                "incidents.templatetags.debrief",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# An acknowledged write survives a power cut: synchronous=FULL.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-20000;",
}
OWN_DATABASE_PATH = DATA_DIR / "debrief.sqlite3"
DATABASE_URL = read_text("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
else:
    _engine, _name = "django.db.backends.sqlite3", str(OWN_DATABASE_PATH)
    DATABASES = {"default": {"ENGINE": _engine, "NAME": _name, "OPTIONS": _SQLITE_OPTIONS}}
    # Opening the file takes longer than all queries of a page: connections are kept.
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Ten megabytes of markdown get a sentence and stay in the form. Forms are sent as multipart, which does not swell.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A preview of 2,000 pasted events has six fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
# Files are no part of that: on disk where they are large, and dropped beyond what evidence may be, one or all together.
EVIDENCE_FILE_LIMIT = read_number("DEBRIEF_EVIDENCE_FILE_LIMIT", 10_000_000, at_least=1)
# An import takes so many documents at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_HANDLERS = [
    "lib.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Failed sign-ins are counted for each address; a proxy passes the address on.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignUpAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {"login": "accounts.sign_in_forms.SignInForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# Every change of every record. Values are kept as they are (a number stays one); the package's own table is not made.
AUDITLOG_LOGENTRY_MODEL = "accounts.Change"
AUDITLOG_STORE_JSON_CHANGES = AUDITLOG_DISABLE_ON_RAW_SAVE = True
MIGRATION_MODULES = {"auditlog": None}

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = read_text("DEBRIEF_TIME_ZONE", "UTC")
# No working days for the deadlines of post-mortems.
HOLIDAYS = read_days("DEBRIEF_HOLIDAYS")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# How many processes `manage.py serve` starts
WEB_WORKERS = read_number("DEBRIEF_WEB_WORKERS", 2, at_least=1)
WORKER_CONCURRENCY = read_number("DEBRIEF_WORKER_CONCURRENCY", 2, at_least=1)
RESTORE_CONCURRENCY = read_number("DEBRIEF_RESTORE_CONCURRENCY", 1, at_least=1)

# Background work
PDF_TIME_LIMIT = read_number("DEBRIEF_PDF_TIME_LIMIT", 60, at_least=1)
# In megabytes, beside what a worker has already; one that grew beyond the other is replaced after its task.
PDF_MEMORY_LIMIT = read_number("DEBRIEF_PDF_MEMORY_LIMIT", 1500, at_least=100)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
REDIS_URL = read_text("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{REDIS_SOCKET}"
# Failed sign-ins are counted in it, by all web processes together; without a Redis of its own nothing depends on one.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache" / "web"}
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "recovery.tasks.run_pending_restore_test": {"queue": "restores"},
    # It asks replicas how far they go back, and some do not answer; what watches is not to wait for them.
    "recovery.tasks.start_scheduled_tests": {"queue": "restores"},
    "incidents.tasks.render_pending_document": {"queue": "documents"},
    "incidents.tasks.make_pending_export": {"queue": "documents"},
}
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = make_schedule()

# Recovery
RESTORE_TIME_LIMIT = read_number("DEBRIEF_RESTORE_TIME_LIMIT", 3600, at_least=1)
RESTORES_AT_ONCE = read_number("DEBRIEF_RESTORES_AT_ONCE", RESTORE_CONCURRENCY, at_least=1)
SCHEDULE_JITTER = read_number("DEBRIEF_SCHEDULE_JITTER", 300)
SCRATCH_QUOTA = read_number("DEBRIEF_SCRATCH_QUOTA", 20 * 1024**3, at_least=1024)
RECOVERY_PRIVATE_ENDPOINTS = read_flag("DEBRIEF_RECOVERY_PRIVATE_ENDPOINTS", default=True)
SECRET_ROOTS = [
    Path(root)
    for root in read_list("DEBRIEF_SECRET_ROOTS", ["/run/secrets", "/etc/debrief", str(DATA_DIR / "secrets")])
]
RECOVERY_ROOTS = [Path(root) for root in read_list("DEBRIEF_RECOVERY_ROOTS", ["/"])]

# Notifications
OUTGOING_PRIVATE = read_flag("DEBRIEF_OUTGOING_PRIVATE", default=False)
PAGERDUTY_URL = read_text("DEBRIEF_PAGERDUTY_URL", "https://events.pagerduty.com/v2/enqueue")
EMAIL_HOST = read_text("DEBRIEF_SMTP_HOST", "")
EMAIL_PORT = read_number("DEBRIEF_SMTP_PORT", 587, at_least=1)
_smtp_security = read_choice("DEBRIEF_SMTP_SECURITY", "starttls", ["starttls", "tls", "none"])
EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp_security == "starttls", _smtp_security == "tls"
EMAIL_HOST_USER = read_text("DEBRIEF_SMTP_USER", "")
EMAIL_HOST_PASSWORD = read_text("DEBRIEF_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read_text("DEBRIEF_EMAIL_FROM", f"Debrief <debrief@{_address.hostname or 'localhost'}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"refusals": {"()": "lib.log_records.RefusalFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "django.request": {"filters": ["refusals"]},
        # Progress and refused addresses of every PDF; the engine itself says what matters.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": read_text("DEBRIEF_LOG_LEVEL", "INFO")},
}
