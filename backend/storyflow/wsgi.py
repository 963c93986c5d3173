"""The WSGI application that `storyflow serve`, or any other WSGI server, runs."""

from __future__ import annotations

import os
from typing import Any

import django
from django.core.cache import close_caches
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_finished, request_started
from django.db import reset_queries
from django.urls import resolve


class Request(WSGIRequest):
    """Django's request, whose Content-Type cannot raise before any middleware could answer."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)
        except (ValueError, LookupError):
            # A parameter in a broken or unknown encoding (RFC 8187); the gate answers it with 415.
            self.content_type = ""
            self.content_params = {"charset": "unreadable"}


class Handler(WSGIHandler):
    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
django.setup(set_prefix=False)
application = Handler()
# Nothing here looks at the queries that Django would keep while debugging, and no cache has anything to close.
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)
# Loads the views, which the first request would wait for, and each forked process would have for itself.
resolve("/")
