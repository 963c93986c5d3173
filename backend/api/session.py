"""The session endpoint: sign in, sign out, and the current user."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.middleware.csrf import get_token
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.sign_in import sign_in, sign_out
from accounts.users import MAX_PASSWORD_LENGTH
from accounts.viewers import Viewer, viewer_of
from api.request_bodies import body_object
from api.serializers import StrictCharField


class SignInSerializer(serializers.Serializer[Any]):
    """What signing in takes."""

    username = StrictCharField(max_length=150)
    password = StrictCharField(max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False)


class SessionView(APIView):
    """One's own session; the only view of the API that answers without one."""

    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []

    def get(self, request: Request) -> Response:
        if settings.ACCOUNTS:
            # Sets the CSRF cookie, which later changes need.
            get_token(request._request)
        return Response(session_payload(viewer_of(request)))

    def post(self, request: Request) -> Response:
        form = SignInSerializer(data=body_object(request))
        form.is_valid(raise_exception=True)
        viewer = sign_in(request._request, form.validated_data["username"], form.validated_data["password"])
        return Response(session_payload(viewer))

    def delete(self, request: Request) -> Response:
        sign_out(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


def session_payload(viewer: Viewer) -> dict[str, Any]:
    """Return whether accounts are on, and the signed-in user or None."""
    user = {"name": viewer.name, "is_administrator": viewer.is_administrator} if viewer.is_signed_in else None
    return {"accounts": settings.ACCOUNTS, "user": user}
