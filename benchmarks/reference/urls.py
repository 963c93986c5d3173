"""The requirement's routes."""

from django.conf import settings
from django.http import JsonResponse
from django.urls import include, path
from django.views.static import serve
from rest_framework.routers import DefaultRouter

from benchmarks.reference import items, views

router = DefaultRouter()
router.register("projects", views.ProjectViewSet)
router.register("segments", views.SegmentViewSet)

urlpatterns = [
    path("healthz", lambda request: JsonResponse({"status": "ok"})),
    path("api/projects/import/", views.import_project),
    path("api/segments/reorder/", views.reorder_segments),
    path("api/v1/items", items.ItemListView.as_view()),
    path("api/v1/items/<uuid:item_id>/image", items.ItemImageView.as_view()),
    path("api/", include(router.urls)),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
