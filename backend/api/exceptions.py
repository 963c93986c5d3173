"""The map of this API from an error to a status and a response body."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import UnreadablePostError
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import NotSignedIn, WrongPassword
from api.errors import PreconditionFailed
from core import errors
from media_store import errors as media_errors

log = logging.getLogger(__name__)


STATUS_OF: dict[type[BaseException], int] = {
    NotSignedIn: status.HTTP_401_UNAUTHORIZED,
    WrongPassword: status.HTTP_401_UNAUTHORIZED,
    errors.NotFound: status.HTTP_404_NOT_FOUND,
    errors.InvalidInput: status.HTTP_400_BAD_REQUEST,
    errors.RecordLocked: status.HTTP_400_BAD_REQUEST,
    errors.Conflict: status.HTTP_409_CONFLICT,
    errors.Busy: status.HTTP_503_SERVICE_UNAVAILABLE,
    PreconditionFailed: status.HTTP_412_PRECONDITION_FAILED,
    media_errors.NoImage: status.HTTP_400_BAD_REQUEST,
    media_errors.DiskFull: status.HTTP_507_INSUFFICIENT_STORAGE,
    RequestDataTooBig: status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    SuspiciousOperation: status.HTTP_400_BAD_REQUEST,
    UnreadablePostError: status.HTTP_400_BAD_REQUEST,
    OperationalError: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.StoryFlowError: status.HTTP_500_INTERNAL_SERVER_ERROR,
}

# Sentences for errors of Django, whose own messages are not written for users.
SENTENCE_OF: dict[type[BaseException], str] = {
    RequestDataTooBig: "The form is too large.",
    SuspiciousOperation: "The form has too many fields or files.",
    UnreadablePostError: "The upload ended before all of it had arrived.",
    OperationalError: "The database is busy, read-only or out of room. Try again in a moment.",
}


def error_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Exception handler for DRF. Returns None for an unexpected error, which Django then logs and returns as a 500."""
    known = next((cls for cls in type(exc).__mro__ if cls in STATUS_OF), None)
    if known is None:
        return _framework_error_response(exc, context)
    code = STATUS_OF[known]
    if code >= status.HTTP_500_INTERNAL_SERVER_ERROR and not isinstance(exc, errors.Busy):
        log.error("%s %s: %s", context["request"].method, context["request"].path, exc, exc_info=exc)
    message = exc.message if isinstance(exc, errors.StoryFlowError) else SENTENCE_OF[known]
    body: dict[str, Any] = {"error": message}
    if details := getattr(exc, "details", None):
        body["details"] = details
    return Response(body, status=code, headers=_headers_of(exc))


def _headers_of(exc: Exception) -> dict[str, str] | None:
    if isinstance(exc, PreconditionFailed):
        return {"ETag": exc.etag}
    return {"Retry-After": str(exc.retry_after_s)} if isinstance(exc, errors.Busy) else None


def _framework_error_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        response.data = {"error": errors.InvalidInput.message, "details": response.data}
    else:
        response.data = {"error": str(response.data.get("detail", "That cannot be done."))}
    return response
