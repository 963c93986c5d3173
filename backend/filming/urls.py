"""URLs of narration and rendering, below the same prefix as those of `api`; each ends with a slash."""

from django.urls import path

from filming import render_views, views, writing_views

urlpatterns = [
    path("segments/<str:pk>/split/", writing_views.SplitView.as_view(), name="segment-split"),
    path("segments/<str:pk>/merge/", writing_views.MergeView.as_view(), name="segment-merge"),
    path("segments/<str:pk>/duplicate/", writing_views.DuplicateSegmentView.as_view(), name="segment-duplicate"),
    path("segments/<str:pk>/settings/", writing_views.SegmentSettingsView.as_view(), name="segment-settings"),
    path("projects/<str:pk>/times/", writing_views.TimesView.as_view(), name="project-times"),
    path("projects/<str:pk>/segments/", writing_views.ProjectSegmentsView.as_view(), name="project-segments"),
    path("segments/<str:pk>/generate-audio/", views.GenerateAudioView.as_view(), name="segment-generate-audio"),
    path("segments/<str:pk>/audio/", views.AudioView.as_view(), name="segment-audio"),
    path("segments/<str:pk>/words/", views.WordsView.as_view(), name="segment-words"),
    path("segments/<str:pk>/card/", render_views.CardView.as_view(), name="segment-card"),
    path("segments/<str:pk>/framing/", views.FramingView.as_view(), name="segment-framing"),
    path(
        "projects/<str:pk>/generate-all-audio/", views.GenerateAllAudioView.as_view(), name="project-generate-all-audio"
    ),
    path("projects/<str:pk>/duplicate/", views.DuplicateView.as_view(), name="project-duplicate"),
    path("projects/import-bundle/", views.ImportBundleView.as_view(), name="project-import-bundle"),
    path("projects/<str:pk>/bundle/", views.BundleView.as_view(), name="project-bundle"),
    path("projects/<str:pk>/render/", render_views.RenderView.as_view(), name="project-render"),
    path("projects/<str:pk>/status/", render_views.ProjectStatusView.as_view(), name="project-status"),
    path("projects/<str:pk>/tasks/", views.ProjectTasksView.as_view(), name="project-tasks"),
    path("projects/<str:pk>/readiness/", render_views.ReadinessView.as_view(), name="project-readiness"),
    path("projects/<str:pk>/renders/", render_views.RenderListView.as_view(), name="project-renders"),
    path("projects/<str:pk>/renders/<str:render_id>/", render_views.RenderDetailView.as_view(), name="project-video"),
    path(
        "projects/<str:pk>/renders/<str:render_id>/poster/",
        render_views.RenderPosterView.as_view(),
        name="project-video-poster",
    ),
    path("projects/<str:pk>/manifest/<str:batch>/", render_views.ManifestView.as_view(), name="project-manifest"),
    path("projects/<str:pk>/settings/", views.ProjectSettingsView.as_view(), name="project-settings"),
    path("tasks/<str:task_id>/status/", views.TaskStatusView.as_view(), name="task-status"),
    path("tasks/<str:task_id>/cancel/", views.TaskCancelView.as_view(), name="task-cancel"),
    path("settings/", views.SettingsView.as_view(), name="settings"),
    path("settings/voices/", views.VoicesView.as_view(), name="settings-voices"),
    path("settings/voices/<str:voice_id>/sample/", views.VoiceSampleView.as_view(), name="settings-voice-sample"),
]
