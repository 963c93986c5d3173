"""The URLs of the items API; none ends with a slash."""

from django.urls import path

from items import views

urlpatterns = [
    path("audit", views.AuditView.as_view(), name="audit"),
    path("items", views.ItemListView.as_view(), name="item-list"),
    path("items/<str:item_id>", views.ItemView.as_view(), name="item"),
    path("items/<str:item_id>/image", views.ItemImageView.as_view(), name="item-image"),
]
