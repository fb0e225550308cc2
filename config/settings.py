"""Settings, read strictly from the environment and secure unless the environment says otherwise.

``CONCORD_LOCAL=1`` is the one switch that relaxes what only makes sense behind TLS (secure cookies, HSTS,
redirects): for the demo and the tests on loopback.
"""

import os
import ssl
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import databases
from config.audit_keys import keys_by_id
from config.logs import json_lines

BASE_DIR = Path(__file__).resolve().parent.parent
# What this copy writes: collected static files, and on one machine the database, the broker and the anchor too.
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

env = environ.Env()
# Made by `make demo` and `make test` for a copy that runs on one machine; the environment has precedence.
env.read_env(str(VAR_DIR / "local.env"))

LOCAL = env.bool("CONCORD_LOCAL", False)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
# Keys of before, which sessions and forms may still be signed with.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Keys of their own sign the head of the audit trail, so that changing SECRET_KEY leaves it verifiable: `id:key` each.
# The first signs, the others prove what they signed once. AUDIT_KEY alone is the key of the id "first".
AUDIT_KEYS = keys_by_id(env.list("AUDIT_KEYS", default=[])) or {"first": env.str("AUDIT_KEY")}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "coding.views.sessions.of_another_session"

INSTALLED_APPS = [
    "reviews.apps.ReviewsConfig",
    "coding.apps.CodingConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Allauth's list of security keys tells when each was used.
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "coding.views.middleware.PrivacyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coding.views.middleware.SessionLimitMiddleware",
    "coding.views.sessions.KeepTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    # Before anything else is asked of a person; what is refused behind it is noted by RefusedMiddleware.
    "coding.views.doors.SecondFactorMiddleware",
    "coding.views.middleware.PermissionMiddleware",
    # Reads the form, of those only who may send one.
    "django.middleware.csrf.CsrfViewMiddleware",
    "coding.views.middleware.RequestIdMiddleware",
    "coding.views.doors.RefusedMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coding.views.middleware.OddAddressMiddleware",
    # The body is first read where views and the CSRF check begin, behind all of these.
    "coding.views.middleware.UploadLimitMiddleware",
    "coding.views.middleware.RefusalMiddleware",
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
                "reviews.views.navigation.navigation",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database -------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'concord.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = databases.SQLITE
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What the address says itself, such as ``?sslmode=verify-full``, stays.
    address_options = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = address_options | databases.POSTGRES
    if DATABASE_CA_FILE := env.str("DATABASE_CA_FILE", default=""):
        # The server has to show a certificate of this authority, and in its own name.
        DATABASES["default"]["OPTIONS"] |= {
            "sslmode": "verify-full",
            "sslrootcert": DATABASE_CA_FILE,
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What all web processes have to know together: failed log-ins, and codes of a second factor that were used.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://concord_cache")}
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    # Django's 300 would let anybody wash a count of failures away by failing under other names.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# --- Jobs -----------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# Without a file, ``rediss://`` asks for a certificate of an authority that the machine trusts.
REDIS_CA_FILE = env.str("REDIS_CA_FILE", default="") or None
REDIS_TLS = {
    "ssl_cert_reqs": ssl.CERT_REQUIRED,
    "ssl_ca_certs": REDIS_CA_FILE,
    "ssl_check_hostname": True,
}
# A frozen Redis must cost a page a second, not its life.
REDIS_PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    by_tls = CACHES["default"]["LOCATION"].startswith("rediss://")
    CACHES["default"].setdefault("OPTIONS", {}).update(
        REDIS_PATIENCE | (REDIS_TLS if by_tls else {})
    )
BROKER_DIR = Path(env.str("BROKER_DIR", default=str(VAR_DIR / "broker")))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker process keeps its connection to the database between messages, as ``CONN_MAX_AGE`` allows.
CELERY_DB_REUSE_MAX = CELERY_WORKER_MAX_TASKS_PER_CHILD
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Messages are acknowledged when they are received and a pump ends after some 15 s, so none is ever
        # unacknowledged for long: an hour (the default) is generous, and correctness does not rest on it.
        "visibility_timeout": 3600,
        **REDIS_PATIENCE,
        # No second try (Kombu's default is a hundred).
        "max_retries": 0,
    }
    if REDIS_URL.startswith("rediss://"):
        CELERY_BROKER_USE_SSL = REDIS_TLS
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
    for folder in ("messages", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)

CELERY_IMPORTS = ["coding.work.celery"]
# Everything that is done at its time, by ``manage.py run_due_work``.
SCHEDULED_WORK = "reviews.scheduled_work.SCHEDULED_WORK"
# Every kind of background job with its handler.
JOB_KINDS = "reviews.job_kinds.JOB_KINDS"
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=2)
# Work that waits longer than this for a worker makes ``/readyz`` say so.
JOB_WAITS_TOO_LONG_SECONDS = env.int("JOB_WAITS_TOO_LONG_SECONDS", default=600)
# Where a house with a licence keeps the descriptors that it loads; empty: it loads none.
DESCRIPTORS_FOLDER = env.str("DESCRIPTORS_FOLDER", default="")
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default=str(VAR_DIR / "audit-anchor"))
AUDIT_ANCHOR_SECONDS = env.int("AUDIT_ANCHOR_SECONDS", default=60)

# A case that a supervisor has held so long without ruling on it goes back into the queue.
CLAIM_HOURS = env.int("CLAIM_HOURS", default=48)
# Whether a report is kept back while a check of its claim finds an error; no, where a scrubber does so behind Concord.
CLAIM_ERRORS_HOLD_EXPORT = env.bool("CLAIM_ERRORS_HOLD_EXPORT", default=True)
# Its holder is reminded after so many hours.
CLAIM_REMINDER_HOURS = env.int("CLAIM_REMINDER_HOURS", default=24)

# How long a provider can answer by a link.
QUERY_LINK_DAYS = env.int("QUERY_LINK_DAYS", default=14)
# Of a query without an answer its asker is reminded, and later all supervisors are told; in the end it is closed, and
# coded on what the note says. 0: it is never closed by itself.
QUERY_REMINDER_DAYS = env.int("QUERY_REMINDER_DAYS", default=5)
QUERY_ESCALATION_DAYS = env.int("QUERY_ESCALATION_DAYS", default=10)
QUERY_EXPIRY_DAYS = env.int("QUERY_EXPIRY_DAYS", default=30)

# Who sends this as a bearer token reads the figures at ``/metrics``; without it the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Review ---------------------------------------------------------------------------------------

# A line that no rule set codes goes to the supervisor queue when a coder changes or removes it.
REVIEW_CHANGED_LINES = env.bool("REVIEW_CHANGED_LINES", True)

# The first decisions of each version of rules go to the supervisor queue, though coder and rules agree: so many.
REVIEW_FIRST_OF_VERSION = env.int("REVIEW_FIRST_OF_VERSION", default=0)
# A supervisor codes a case before it shows what coder and rules found; names are hidden until the ruling.
REVIEW_BLIND = env.bool("REVIEW_BLIND", False)
# Working days in which a coder can object to a ruling; 0: at any time.
REBUTTAL_WORKING_DAYS = env.int("REBUTTAL_WORKING_DAYS", default=5)

# What of the encounters coders see: all of them; "own", their own work and what is nobody's; "team", that and the work
# of their teams. Supervisors and auditors see all.
CODERS_SEE = env.str("CODERS_SEE", default="all")
if CODERS_SEE not in ("all", "own", "team"):
    raise ImproperlyConfigured("CODERS_SEE is all, own or team.")
# For how long a coder sees an encounter outside their work that they opened with a reason; 0: nobody opens any.
BREAK_GLASS_HOURS = env.int("BREAK_GLASS_HOURS", default=0)

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "coding.User"
# Allauth's own backend would tell an inactive person that the password was right.
AUTHENTICATION_BACKENDS = ["config.backends.RolesBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "coding.accounts.breached.BreachedPasswordValidator"})
# Roles that nobody holds together: who writes does not approve, who audits does not code or rule, and who gives roles
# decides nothing.
ROLES_APART = [
    ("rule author", "rule approver"),
    ("coder", "auditor"),
    ("supervisor", "auditor"),
    ("administrator", "rule approver"),
    ("administrator", "supervisor"),
]
# Who signs in with a second factor, besides superusers: whoever rules on codes, writes or publishes rules, gives roles,
# or sees every patient. Empty, it is asked of nobody.
WATCHING_ROLES = ["supervisor", "rule author", "rule approver", "auditor", "administrator"]
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=[] if LOCAL else WATCHING_ROLES)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Concord"
# Browsers know security keys on a loopback without TLS too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
# Accounts are made by an administrator: nobody reserves another person's address by signing up with it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "coding.forms.second_factor.CodeForm",
    "reauthenticate": "coding.forms.second_factor.CodeAgainForm",
    "authenticate_webauthn": "coding.forms.second_factor.KeyForm",
    "reauthenticate_webauthn": "coding.forms.second_factor.KeyAgainForm",
}
USERSESSIONS_ADAPTER = "config.accounts.SessionsAdapter"
# Roles that one administrator proposes and another one approves, and whose holders get a new password only so.
ROLES_BY_TWO = env.list(
    "ROLES_BY_TWO", default=["supervisor", "rule approver", "auditor", "administrator"]
)
# How long a one-time link is good for.
PASSWORD_RESET_TIMEOUT = env.int("LINK_SECONDS", default=24 * 60 * 60)
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Failures count for an account and a client together (AccountAdapter). What one address may try in all leaves room
# for a department behind one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": "120/m/ip"}
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
# How many proxies stand before Concord; without one the client is who connects. Behind one that is not counted, all
# clients would share one address, and its limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=int(BEHIND_PROXY))
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=15 * 60)
# However busy it is, a session ends after half a day (ASVS 5.0, 7.3.2).
SESSION_LONGEST_SECONDS = env.int("SESSION_LONGEST_SECONDS", default=12 * 60 * 60)
SESSION_ENGINE = "config.sessions"
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# What decides, publishes, gives access or hands out patients' data is signed again with the password, and with the
# second factor where there is one. A local copy may take the sign-in for it; the record is written all the same.
SIGN_AGAIN = not LOCAL or env.bool("SIGN_AGAIN", default=False)
# How long a confirmation stays good for rulings (``coding.signing.confirmation.STAY_GOOD``): less than a session may
# idle, so that a desk that was left asks again before it signs; 0 asks for each ruling.
SIGNATURE_SECONDS = env.int("SIGNATURE_SECONDS", default=10 * 60)

# Messages name encounters and codes: they stay on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_IS_SET_UP = bool(EMAIL_URL)
# A page waits no longer than this for the mail server.
EMAIL_TIMEOUT = 5
if EMAIL_IS_SET_UP:
    vars().update(env.email_url_config(EMAIL_URL))
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM")
# A person is told by mail of changes of their account, and has one address at a time.
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_IS_SET_UP
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Concord: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"

# --- What browsers are sent -------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
if not LOCAL:
    # A browser takes cookies of such names by TLS alone, and from this host alone.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = not LOCAL
# Asked from beside the process, where no TLS is spoken.
SECURE_REDIRECT_EXEMPT = [r"^(?:healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_BYTES = env.int("UPLOAD_BYTES", default=200 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "en-us"
# Whose day it is: until when a decision is taken back, and which day has not come yet.
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Logs: never a patient's data -------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.ReticentFilter"
DEFAULT_EXCEPTION_REPORTER = "config.logs.ReticentReporter"
LOGGING = json_lines(env.str("LOG_LEVEL", default="INFO"))
