"""The OpenAPI description of narration, rendering and settings. Importing this module registers it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from api.serializers import ProjectDetailSerializer, SegmentSerializer
from filming.framings import SHAPES
from rendering.film import FITS, MOTIONS
from storyflow.openapi import ID, UNCHANGED, VERSION, WIDTH, errors, json_body
from storyflow.openapi_film_shapes import (
    BATCH,
    BUNDLE_FILE,
    BUNDLE_IMPORTED,
    CARD_LOOK,
    CARD_SIZE,
    DRAFT,
    FRAMING,
    MANIFEST,
    NARRATE_ALL,
    PROJECT_NARRATION,
    PROJECT_SETTINGS,
    PROJECT_STATUS,
    READINESS,
    RECORDING_FILE,
    REMOTE,
    RENDER_FIELDS,
    RENDER_ID,
    RENDER_STARTED,
    RENDER_WISH,
    SEGMENT_NARRATION,
    SETTINGS,
    SETTINGS_CHANGE,
    TASK,
    TASK_FIELDS,
    TASK_ID,
    VOICE_FIELDS,
    VOICE_ID,
    WORDS,
    point,
)

OPERATIONS: dict[str, dict[str, Any]] = {
    "GenerateAudioView": {
        "post": {
            "summary": "Narrate a segment",
            "request": None,
            "responses": {202: SEGMENT_NARRATION, **errors(400, 404, 409)},
        }
    },
    "GenerateAllAudioView": {
        "post": {
            "summary": "Narrate every segment of a project that needs it",
            "request": json_body(NARRATE_ALL),
            "responses": {202: PROJECT_NARRATION, **errors(400, 404, 409, 415)},
        }
    },
    "AudioView": {
        "post": {
            "summary": "Upload a recording as a segment's narration",
            "description": (
                "WAV, MP3, FLAC, M4A, AAC, AIFF, Ogg (Opus, Vorbis) or WebM by content; at most 200 MB and 30 minutes. "
                "Two are read at once; one that had to wait for a minute is answered 503."
            ),
            "request": {"multipart/form-data": RECORDING_FILE},
            "responses": {200: SegmentSerializer, **errors(400, 404, 409, 413, 415, 500, 503, 507)},
        },
        "delete": {
            "summary": "Take a segment's narration away",
            "responses": {200: SegmentSerializer, **errors(400, 404, 500)},
        },
    },
    "WordsView": {
        "get": {"summary": "When each word is said", "responses": {200: WORDS, **errors(404)}},
    },
    "FramingView": {
        "get": {"summary": "How the camera looks at the picture", "responses": {200: FRAMING, **errors(404)}},
        "patch": {
            "summary": "Change how the camera looks at the picture; null takes a choice back",
            "request": json_body(
                inline_serializer(
                    "FramingChange",
                    {
                        "focus": point(required=False, allow_null=True),
                        "focuses": inline_serializer(
                            "FocusesChange",
                            {shape: point(required=False, allow_null=True) for shape in SHAPES},
                            required=False,
                            allow_null=True,
                        ),
                        "motion": serializers.ChoiceField(MOTIONS, required=False, allow_null=True),
                        "fit": serializers.ChoiceField(FITS, required=False, allow_null=True),
                    },
                )
            ),
            "responses": {200: FRAMING, **errors(400, 404, 415)},
        },
    },
    "CardView": {
        "get": {
            "summary": "The title card that stands for a missing picture, as WebP",
            "parameters": [ID, CARD_SIZE, CARD_LOOK, WIDTH, VERSION],
            "responses": {(200, "image/webp"): OpenApiTypes.BINARY, **UNCHANGED, **errors(400, 404)},
        }
    },
    "DuplicateView": {
        "post": {
            "summary": "Copy a project with its pictures, narration and settings",
            "request": None,
            "responses": {201: ProjectDetailSerializer, **errors(404, 500, 507)},
        }
    },
    "BundleView": {
        "get": {
            "summary": "The project in one file: script, pictures, sound and settings",
            "description": "A ZIP whose story.json can also be imported alone.",
            "responses": {(200, "application/zip"): OpenApiTypes.BINARY, **errors(404, 409, 503)},
        }
    },
    "ImportBundleView": {
        "post": {
            "summary": "Make a project of such a file",
            "description": "At most 1 GB. Everything in it is checked as an upload is; all of it comes in, or nothing.",
            "request": {"multipart/form-data": BUNDLE_FILE},
            "responses": {201: BUNDLE_IMPORTED, **errors(400, 413, 415, 500, 507)},
        }
    },
    "RenderView": {
        "post": {
            "summary": "Render the project's video, in one size or several",
            "description": "Several sizes have the same frames, cuts and sound; each is published when it is finished.",
            "parameters": [ID, DRAFT],
            "request": json_body(RENDER_WISH),
            "responses": {202: RENDER_STARTED, **errors(400, 404, 409, 415, 500, 507)},
        }
    },
    "ProjectStatusView": {
        "get": {"summary": "How far the project's video is", "responses": {200: PROJECT_STATUS, **errors(404)}}
    },
    "ProjectTasksView": {
        "get": {
            "summary": "What is being done for the project, oldest first",
            "operation_id": "projects_tasks_list",
            "responses": {200: inline_serializer("Task", TASK_FIELDS, many=True), **errors(404)},
        }
    },
    "ReadinessView": {
        "get": {
            "summary": "Whether it can be rendered, and what it lacks",
            "responses": {200: READINESS, **errors(404)},
        }
    },
    "RenderListView": {
        "get": {
            "summary": "The project's finished videos, newest first",
            "operation_id": "projects_renders_list",
            "responses": {200: inline_serializer("Render", RENDER_FIELDS, many=True), **errors(404)},
        }
    },
    "RenderDetailView": {
        "delete": {
            "summary": "Move a finished video into the trash",
            "parameters": [ID, RENDER_ID],
            "responses": {204: None, **errors(404, 500)},
        }
    },
    "RenderPosterView": {
        "get": {
            "summary": "A video's first frame, as WebP",
            "parameters": [ID, RENDER_ID, WIDTH, VERSION],
            "responses": {(200, "image/webp"): OpenApiTypes.BINARY, **UNCHANGED, **errors(400, 404)},
        }
    },
    "ManifestView": {
        "get": {
            "summary": "What one run made, and what its videos have in common",
            "parameters": [ID, BATCH],
            "responses": {200: MANIFEST, **errors(404)},
        }
    },
    "TaskStatusView": {
        "get": {
            "summary": "The state of a task",
            "parameters": [TASK_ID],
            "responses": {200: TASK, **errors(404)},
        }
    },
    "TaskCancelView": {
        "post": {
            "summary": "Call a task off",
            "parameters": [TASK_ID],
            "request": None,
            "responses": {200: TASK, **errors(404)},
        }
    },
    "SettingsView": {
        "get": {"summary": "The settings of every project", "responses": SETTINGS},
        "patch": {
            "summary": "Change settings; null takes a choice back",
            "request": json_body(SETTINGS_CHANGE),
            "responses": {200: SETTINGS, **errors(400, 404, 415)},
        },
    },
    "ProjectSettingsView": {
        "get": {"summary": "A project's settings", "responses": {200: PROJECT_SETTINGS, **errors(404)}},
        "patch": {
            "summary": "Change a project's settings; null takes a choice back",
            "request": json_body(SETTINGS_CHANGE),
            "responses": {200: PROJECT_SETTINGS, **errors(400, 404, 415)},
        },
    },
    "VoicesView": {
        "get": {
            "summary": "The voices there are",
            "operation_id": "settings_voices_list",
            "responses": inline_serializer("Voice", VOICE_FIELDS, many=True),
        }
    },
    "VoiceSampleView": {
        "get": {
            "summary": "A few words of a voice, to listen to",
            "parameters": [VOICE_ID, REMOTE, VERSION],
            "responses": {(200, "audio/flac"): OpenApiTypes.BINARY, **UNCHANGED, **errors(404, 409, 500, 503)},
        }
    },
}


def describe(module: str, view: str, methods: dict[str, dict[str, Any]]) -> None:
    """Register the description of a view of ``module``: for each method, its parameters and responses."""

    def view_replacement(self: Any) -> Any:
        takes_id = view not in (
            "TaskStatusView",
            "TaskCancelView",
            "SettingsView",
            "VoicesView",
            "VoiceSampleView",
            "ImportBundleView",
        )
        described = {
            method: extend_schema(**({"parameters": [ID]} if takes_id else {}) | facts)
            for method, facts in methods.items()
        }
        return extend_schema_view(**described)(type("Described", (self.target,), {}))

    name = f"{view}Description"
    type(name, (OpenApiViewExtension,), {"target_class": f"{module}.{view}", "view_replacement": view_replacement})


_OF_VIDEOS = (
    "CardView",
    "RenderView",
    "ProjectStatusView",
    "ReadinessView",
    "RenderListView",
    "RenderDetailView",
    "RenderPosterView",
    "ManifestView",
)
for _view, _methods in OPERATIONS.items():
    describe("filming.render_views" if _view in _OF_VIDEOS else "filming.views", _view, _methods)
