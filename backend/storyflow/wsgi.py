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
    """Django's request with a Content-Type that cannot raise an error before the middleware runs."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (ValueError, LookupError):
            # A parameter in a broken or unknown encoding (RFC 8187). The request guard refuses it with 415.
            self.content_type = ""
            self.content_params = {"charset": "unreadable"}


class Handler(WSGIHandler):
    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
django.setup(set_prefix=False)
application = Handler()
# Skip work for each request: nothing uses the queries that Django keeps while debugging, and no cache needs closing.
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)
# Load the views now, so that the first request does not wait for them and the forked processes share them.
resolve("/")
