"""All URLs of the application."""

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation as YAMLOrJSON

from storyflow import (  # noqa: F401 - registers the descriptions of the APIs
    openapi,
    openapi_accounts,
    openapi_filming,
    openapi_items,
    openapi_library,
    openapi_storage,
    openapi_trash,
    openapi_writing,
    web_client,
)
from storyflow.media import owned_media_view
from storyflow.request_guard import refusal_response

READABLE_SCHEMA = SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=["get", "head"])

urlpatterns = [
    # First, because they are requested most often.
    path("media/<path:path>", partial(owned_media_view, area="media"), name="media"),
    path("uploads/<path:path>", partial(owned_media_view, area="uploads"), name="uploads"),
    re_path(web_client.PAGES, web_client.page_view, name="page"),
    path("healthz", lambda request: JsonResponse({"status": "ok"}), name="health"),
    path("api/", include("filming.urls")),
    path("api/", include("api.urls")),
    path("api/v1/", include("items.urls")),
    path("api/schema/", SpectacularAPIView.as_view(content_negotiation_class=YAMLOrJSON), name="schema"),
    path("api/docs/", READABLE_SCHEMA, name="schema-page"),
]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if web_client.wants_page(request):
        return web_client.page(status=404)
    return refusal_response(request, 404, "NOT_FOUND", "There is nothing at this address.")


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return refusal_response(request, 400, "BAD_REQUEST", "The request could not be understood.")


def server_error(request: HttpRequest) -> JsonResponse:
    return refusal_response(
        request, 500, "INTERNAL_ERROR", "Something went wrong here. Nothing was lost; the log says what."
    )


handler404 = not_found
handler400 = bad_request
handler500 = server_error
