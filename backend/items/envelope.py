"""The response envelope ``{"data", "error", "message"}`` of the items API, and its map from error to status."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import UnreadablePostError
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import NotSignedIn
from core import errors
from media_store import errors as media_errors
from media_store.errors import InvalidPicture

log = logging.getLogger(__name__)

# Error class → status, code and sentence; None means that the error itself gives the code or the sentence.
ERROR_RESPONSES: dict[type[BaseException], tuple[int, str | None, str | None]] = {
    NotSignedIn: (401, None, None),
    errors.NotFound: (404, None, None),
    media_errors.NoImage: (404, "NO_IMAGE_FOUND", "Item does not have an image to delete"),
    InvalidPicture: (400, "INVALID_FILE_TYPE", None),
    media_errors.UploadTooLarge: (413, "FILE_TOO_LARGE", None),
    errors.InvalidInput: (400, None, None),
    errors.Conflict: (409, None, None),
    media_errors.FileDeleteFailed: (500, "FILE_DELETE_ERROR", "Failed to delete image file from disk"),
    media_errors.DiskFull: (507, "DISK_FULL", None),
    media_errors.StorageFailed: (500, "STORAGE_ERROR", None),
    RequestDataTooBig: (413, "FORM_TOO_LARGE", "The form is too large"),
    SuspiciousOperation: (400, "INVALID_FORM", "The form has too many fields or files"),
    UnreadablePostError: (400, "INCOMPLETE_UPLOAD", "The upload ended before all of it had arrived"),
    OperationalError: (500, "DATABASE_ERROR", "The database is busy, read-only or out of room; try again in a moment"),
}

UNEXPECTED_ERROR = "Something went wrong here. Nothing was lost; the log says what"

FRAMEWORK_CODES = {
    exceptions.ValidationError: "VALIDATION_ERROR",
    exceptions.ParseError: "INVALID_BODY",
    exceptions.UnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
    exceptions.MethodNotAllowed: "METHOD_NOT_ALLOWED",
    exceptions.NotAcceptable: "NOT_ACCEPTABLE",
    exceptions.Throttled: "TOO_MANY_REQUESTS",
}


def success_response(data: Any, message: str, *, code: int = status.HTTP_200_OK) -> Response:
    return Response({"data": data, "error": None, "message": message}, status=code)


def error_response(
    status_code: int, code: str, sentence: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    body = {"data": None, "error": {"code": code, "message": sentence}, "message": message}
    return Response(body, status=status_code, headers=headers)


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response:
    """Turn an exception into a response; the exception handler of every view of the items API.

    An exception that is not in ``ERROR_RESPONSES`` and that DRF does not handle becomes a 500. Its reason goes to the
    log only.
    """
    message = getattr(context["view"], "failure", "Request failed")
    known = next((cls for cls in type(exc).__mro__ if cls in ERROR_RESPONSES), None)
    if known is None:
        return _framework_error_response(exc, context, message)
    status_code, code, sentence = ERROR_RESPONSES[known]
    if status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        log.error("%s: %s", message, exc, exc_info=exc)
    if isinstance(exc, errors.StoryFlowError):
        code, sentence = code or exc.code, sentence or str(exc.details or exc.message)
    return error_response(status_code, code or "ERROR", sentence or message, message)


def _framework_error_response(exc: Exception, context: dict[str, Any], message: str) -> Response:
    response = exception_handler(exc, context)
    if response is None:
        log.error("%s: %r", message, exc, exc_info=exc)
        return error_response(status.HTTP_500_INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", UNEXPECTED_ERROR, message)
    code = next((name for cls, name in FRAMEWORK_CODES.items() if isinstance(exc, cls)), "ERROR")
    headers = {name: response[name] for name in ("Retry-After",) if name in response}
    return error_response(response.status_code, code, _as_sentence(response.data), message, headers)


def _as_sentence(problem: Any) -> str:
    """Join DRF's nested error details into one line, such as ``name: This field may not be blank.``"""
    if isinstance(problem, dict):
        return " ".join(
            _as_sentence(value) if name in ("detail", "non_field_errors") else f"{name}: {_as_sentence(value)}"
            for name, value in problem.items()
        )
    return " ".join(map(_as_sentence, problem)) if isinstance(problem, list) else str(problem)
