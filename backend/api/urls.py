"""The URLs of the story API. Every URL ends with a slash."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from api import views
from api.session import SessionView

router = SimpleRouter()
router.register("projects", views.ProjectViewSet, basename="project")
router.register("segments", views.SegmentViewSet, basename="segment")
router.register("trash", views.TrashViewSet, basename="trash")

urlpatterns = [
    path("session/", SessionView.as_view(), name="session"),
    path("pictures/", views.PicturesView.as_view(), name="pictures"),
    path("storage/", views.StorageView.as_view(), name="storage"),
    path("projects/import/", views.import_project, name="project-import"),
    path("projects/import-example/", views.import_example, name="project-import-example"),
    path("segments/reorder/", views.reorder_segments, name="segment-reorder"),
    path("", include(router.urls)),
]
