"""Django's defaults; ``REFERENCE_DATA_DIR`` names the data folder."""

import os
from pathlib import Path

DATA_DIR = Path(os.environ["REFERENCE_DATA_DIR"])
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
UPLOADS_ROOT = DATA_DIR / "uploads" / "items"

SECRET_KEY = "only compared with, on loopback"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = ["rest_framework", "benchmarks.reference"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.reference.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
