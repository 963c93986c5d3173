"""Django settings. Values that the operator may change come from `storyflow.environment` only."""

from __future__ import annotations

from core.errors import ConfigurationError
from storyflow.environment import IS_CHECKOUT, PACKAGE, ROOT, read_environment
from storyflow.secrets import secret_key
from storyflow.web_client import is_hashed

ENVIRONMENT = read_environment()

DATA_DIR = ENVIRONMENT.data_dir
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
UPLOADS_ROOT = DATA_DIR / "uploads"
EXAMPLES_DIR = ROOT / "examples" if IS_CHECKOUT else PACKAGE / "examples"
TRASH_DAYS = ENVIRONMENT.trash_days
KEEP_METADATA = ENVIRONMENT.keep_metadata
SUBTITLE_FONT = ENVIRONMENT.subtitle_font
SPEECH_URL = ENVIRONMENT.speech_url
SPEECH_KEY = ENVIRONMENT.speech_key
SPEECH_MODEL = ENVIRONMENT.speech_model
SPEECH_VOICES = ENVIRONMENT.speech_voices

SECRET_KEY = secret_key(DATA_DIR)
DEBUG = ENVIRONMENT.debug

LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*LOOPBACK_HOSTS, *ENVIRONMENT.own_names, *ENVIRONMENT.allowed_hosts]
CORS_ALLOWED_ORIGINS = list(ENVIRONMENT.allowed_origins)
ACCESS_TOKEN = ENVIRONMENT.token
ACCOUNTS = ENVIRONMENT.accounts
RATE_LIMITS = ENVIRONMENT.rate_limits

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks_db",
    "accounts",
    "media_store",
    "jobs",
    "preferences",
    "api",
    "items",
    "filming",
]

MIDDLEWARE = [
    "storyflow.request_guard.RequestGuardMiddleware",
    "storyflow.request_guard.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storyflow.request_guard.AppendSlashMiddleware",
    "storyflow.account_guard.AccountMiddleware",
]

# All ports of a host share its cookies, and other programs on this machine may have a `sessionid` too.
SESSION_COOKIE_NAME = "storyflow_session"
SESSION_COOKIE_SAMESITE = "Lax"
# The page reads this cookie and sends it back as X-CSRFToken, so it is not HttpOnly. The session cookie is.
CSRF_COOKIE_NAME = "storyflow_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = CORS_ALLOWED_ORIGINS
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

ROOT_URLCONF = "storyflow.urls"
WSGI_APPLICATION = "storyflow.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

STATIC_URL = "/static/"
# Assets are served from the installed packages, without a collectstatic step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# The built web client. Its page is read for each request, its assets are listed once, at start.
WEB_CLIENT = ROOT / "frontend" / "dist" if IS_CHECKOUT else PACKAGE / "web"
if (WEB_CLIENT / "index.html").is_file():
    WHITENOISE_ROOT = WEB_CLIENT
    WHITENOISE_IMMUTABLE_FILE_TEST = is_hashed

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "db.sqlite3",
        # Each thread keeps its connection: opening one takes longer than most requests.
        "CONN_MAX_AGE": None,
        # Tests use a file too: with a database in memory, threads get an error at once for a locked table.
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        "OPTIONS": {
            # IMMEDIATE: a transaction takes the write lock when it begins, so that read-then-write loses no update.
            # FULL: files are unlinked after a commit, so the commit must survive a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "storyflow.test_runner.IsolatedRunner"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

FILE_UPLOAD_HANDLERS = ["media_store.uploads.StreamedUploadHandler"]
# Each file of a form holds a descriptor until the form is read. The forms of this API have one file.
DATA_UPLOAD_MAX_NUMBER_FILES = 4
# The text fields of a multipart form. A JSON body has its own limit in api.request_bodies.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["api.request_bodies.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "api.request_bodies.BoundedJSONParser",
        "rest_framework.parsers.MultiPartParser",
        "api.request_bodies.BoundedFormParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.request_bodies.IgnoreAcceptNegotiation",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.IsAdministrator"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.rate_limits.UploadAndDeleteThrottle"],
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "EXCEPTION_HANDLER": "api.exceptions.error_response",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "StoryFlow",
    "DESCRIPTION": "Turns a written story into a narrated video, on your own machine.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Any one of them is enough. The last, an empty one, holds while accounts are off.
    "SECURITY": [{"token": []}, {"session": []}, {}],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE_NAME},
        }
    },
    # Several fields with different names have these values.
    "ENUM_NAME_OVERRIDES": {"HeldMotionEnum": "filming.interests.FACE_MOTIONS"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "storyflow.openapi.require_response_fields",
        "storyflow.openapi_accounts.announce_refusals",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": ENVIRONMENT.log_level},
    "loggers": {
        # A refused request is reported to the client only; it is not an event of the server.
        "django.request": {"level": "ERROR"},
        # Would log a line for every request that waits for a thread.
        "waitress.queue": {"level": "ERROR"},
    },
}

if not ENVIRONMENT.is_loopback and not ENVIRONMENT.token and not ENVIRONMENT.accounts:
    raise ConfigurationError(
        f"STORYFLOW_HOST is {ENVIRONMENT.host}, which other machines can reach. "
        "Set STORYFLOW_ACCOUNTS to true and add a user, or STORYFLOW_TOKEN to a long random word, "
        "or leave STORYFLOW_HOST at 127.0.0.1."
    )
if ENVIRONMENT.token and ENVIRONMENT.accounts:
    raise ConfigurationError(
        "STORYFLOW_TOKEN is one word for everybody, STORYFLOW_ACCOUNTS gives each person their own. Set one of them."
    )
