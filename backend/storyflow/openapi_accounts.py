"""The OpenAPI description of the session endpoint, and of the refusals by accounts and rate limits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from api.session import SignInSerializer
from storyflow.openapi import ERROR, errors, json_body

SESSION_PATH = "/api/session/"
ITEMS_API = "/api/v1/"
UNSAFE = frozenset({"post", "put", "patch", "delete"})
REFUSALS = {
    "401": "With accounts: nobody is signed in, or the token is not valid.",
    "403": "Another web page asked for a change; or a session without its CSRF token.",
    "429": "Too many deletions or uploads in a minute; Retry-After says in how many seconds again.",
}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}

SESSION = inline_serializer(
    "Session",
    {
        "accounts": serializers.BooleanField(help_text="Whether anybody needs to sign in here."),
        "user": inline_serializer(
            "SessionUser",
            {"name": serializers.CharField(), "is_administrator": serializers.BooleanField()},
            allow_null=True,
        ),
    },
)


class SessionDescription(OpenApiViewExtension):
    target_class = "api.session.SessionView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            get=extend_schema(summary="Who is signed in; sets the CSRF cookie", responses=SESSION),
            post=extend_schema(
                summary="Sign in",
                request=json_body(SignInSerializer),
                responses={
                    200: SESSION,
                    **errors(400, 409, 415),
                    401: OpenApiResponse(ERROR, description="Name and password do not belong together."),
                    429: OpenApiResponse(ERROR, description="Too many wrong sign-ins from one address in a minute."),
                },
            ),
            delete=extend_schema(summary="Sign out", responses={204: None}),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


def announce_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to every operation the error responses of the middleware and the rate limits."""
    for path, operations in result["paths"].items():
        shape = "RefusedEnvelope" if path.startswith(ITEMS_API) else "Error"
        for method, operation in operations.items():
            for status in _refusals_of(path, method, operation):
                operation["responses"].setdefault(status, _refusal(status, shape))
    return result


def _refusals_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    is_upload = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    is_limited = path != SESSION_PATH and (method == "delete" or is_upload)
    return [
        *(["401"] if path != SESSION_PATH else []),
        *(["403"] if method in UNSAFE else []),
        *(["429"] if is_limited else []),
    ]


def _refusal(status: str, shape: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    response: dict[str, Any] = {"description": REFUSALS[status], "content": content}
    return response | ({"headers": RETRY_AFTER} if status == "429" else {})
