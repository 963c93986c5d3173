"""The OpenAPI shapes of the requests and responses of narration, rendering and settings."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from filming.film_settings import MAX_SIZES
from filming.framings import SHAPES
from filming.interests import FACE_MOTIONS
from filming.setting_table import FILM_SETTINGS
from rendering.film import CARD_LOOKS, FITS, MOTIONS
from storyflow.openapi import integer, shape

TASK_ID = OpenApiParameter("task_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
VOICE_ID = OpenApiParameter("voice_id", OpenApiTypes.STR, OpenApiParameter.PATH)
REMOTE = OpenApiParameter("remote", OpenApiTypes.STR, enum=["1"], description="A sentence may leave this machine.")
RENDER_ID = OpenApiParameter("render_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
DRAFT = OpenApiParameter(
    "draft", OpenApiTypes.BOOL, description="A small one, quickly; title cards stand for what is missing."
)

BATCH = OpenApiParameter("batch", OpenApiTypes.STR, OpenApiParameter.PATH, description="The batch of a render.")
CARD_SIZE = OpenApiParameter("size", OpenApiTypes.STR, description="Such as 1080x1920; without it the story's.")
CARD_LOOK = OpenApiParameter("look", OpenApiTypes.STR, enum=CARD_LOOKS, description="Without it the story's.")


def text(**options: Any) -> serializers.CharField:
    return serializers.CharField(**options)


def number(**options: Any) -> serializers.FloatField:
    return serializers.FloatField(**options)


def switch(**options: Any) -> serializers.BooleanField:
    return serializers.BooleanField(**options)


def ids() -> serializers.ListField:
    return serializers.ListField(child=integer())


STARTED = {"task_id": serializers.UUIDField(), "status": text(), "message": text()}
SEGMENT_NARRATION = shape("SegmentNarrationStarted", segment_id=integer(), **STARTED)
PROJECT_NARRATION = shape(
    "ProjectNarrationStarted", project_id=integer(), total_segments=integer(), segments_to_process=integer(), **STARTED
)
NARRATE_ALL = shape(
    "NarrateAll",
    skip_locked=switch(required=False, default=True),
    force_regenerate=switch(required=False, default=False),
    segments=serializers.ListField(
        child=integer(), required=False, allow_null=True, help_text="Only these; without it all of the project."
    ),
)
RENDER_WISH = shape(
    "RenderWish",
    sizes=serializers.ListField(
        child=text(), required=False, min_length=1, max_length=MAX_SIZES, help_text="Without it the project's own."
    ),
    fill=switch(
        required=False, default=False, help_text="Narrate what is not narrated; title cards stand for missing pictures."
    ),
    draft=switch(required=False, default=False, help_text="Half the width and height, quickly."),
)
RENDER_STARTED = shape(
    "RenderStarted",
    project_id=integer(),
    total_segments=integer(),
    sizes=serializers.ListField(child=text()),
    **STARTED,
)
STATES = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"]
TASK_FIELDS: dict[str, Any] = {
    "task_id": serializers.UUIDField(),
    "kind": serializers.ChoiceField(["narrate", "render"]),
    "project_id": integer(),
    "segment_ids": serializers.ListField(child=integer(), help_text="Those that are narrated."),
    "status": serializers.ChoiceField(STATES),
    "progress": shape(
        "TaskProgress",
        current=integer(),
        total=integer(),
        current_segment_id=integer(allow_null=True),
        percentage=number(),
        phase=text(allow_null=True),
        eta_s=number(allow_null=True),
    ),
    "completed_segments": inline_serializer(
        "NarratedSegment", {"segment_id": integer(), "audio_url": text(), "duration": number()}, many=True
    ),
    "errors": inline_serializer("SegmentFailure", {"segment_id": integer(allow_null=True), "error": text()}, many=True),
    "error": text(allow_null=True, help_text="Why it failed, a sentence."),
    "created_at": serializers.DateTimeField(),
    "finished_at": serializers.DateTimeField(allow_null=True),
}
TASK = inline_serializer("Task", TASK_FIELDS)
PROJECT_STATUS = shape(
    "ProjectStatus",
    project_id=integer(),
    status=serializers.ChoiceField(["DRAFT", *STATES]),
    task_id=serializers.UUIDField(allow_null=True),
    progress=inline_serializer(
        "RenderProgress",
        {
            "current_segment": integer(),
            "total_segments": integer(),
            "percentage": number(),
            "current_phase": text(),
            "eta_s": number(allow_null=True),
            "size": text(allow_null=True, help_text="The one that is being made."),
            "sizes": inline_serializer(
                "SizeProgress",
                {
                    "size": text(),
                    "state": serializers.ChoiceField(["waiting", "drawing", "done"]),
                    "render": integer(allow_null=True),
                },
                many=True,
            ),
        },
        allow_null=True,
    ),
    output_url=text(allow_null=True),
    error=text(allow_null=True),
)
READINESS = shape(
    "Readiness",
    ready=switch(),
    missing_images=ids(),
    missing_audio=ids(),
    stale_audio=ids(),
    about=switch(help_text="Whether duration_s is an estimate: something is not narrated yet, or anew."),
    duration_s=number(),
    estimate_s=number(help_text="About how long narrating what is missing and rendering takes, in seconds."),
)
RENDER_FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "id": integer(),
    "size": text(help_text="What was asked for; a draft of it is smaller."),
    "batch": text(allow_null=True, help_text="The run that made it, the same for the sizes made together."),
    "is_current": switch(allow_null=True, help_text="Null where it is not known what it took: made long ago."),
    "differs": serializers.ListField(child=text(), help_text="How the project differs from it, in words."),
    "changed_segments": ids(),
    "poster_url": text(help_text="Its first frame, as WebP."),
    "cards": serializers.ListField(child=integer(), help_text="Segments without a picture, drawn as title cards."),
    "silent": serializers.ListField(child=integer(), help_text="Segments in which nothing is heard."),
    "notes": serializers.ListField(child=text(), help_text="Marks that the subtitles show otherwise."),
    "video_url": text(),
    "srt_url": text(allow_null=True),
    "vtt_url": text(allow_null=True),
    "width": integer(),
    "height": integer(),
    "fps": integer(),
    "frames": integer(),
    "duration_s": number(),
    "size_bytes": integer(),
    "is_draft": switch(),
    "took_s": number(),
    "created_at": serializers.DateTimeField(),
}
MANIFEST = shape(
    "Manifest",
    project=integer(),
    title=text(),
    batch=text(),
    fps=integer(),
    frames=integer(),
    duration_s=number(),
    sound_sha256=text(help_text="Of the packets of the sound, which are the same in every size."),
    segments=inline_serializer(
        "ManifestSegment",
        {
            "id": integer(),
            "first_frame": integer(help_text="Where it begins, from 0; a crossfade with the one before included."),
            "is_card": switch(),
            "is_silent": switch(),
        },
        many=True,
    ),
    renders=inline_serializer(
        "ManifestRender",
        {
            "id": integer(),
            "size": text(),
            "width": integer(),
            "height": integer(),
            "is_draft": switch(),
            "video_url": text(),
            "srt_url": text(allow_null=True),
            "vtt_url": text(allow_null=True),
            "size_bytes": integer(),
            "sha256": text(),
            "created_at": serializers.DateTimeField(),
        },
        many=True,
    ),
)
WORDS = shape(
    "Words",
    duration=number(allow_null=True),
    timing=serializers.ChoiceField(["exact", "aligned", "estimated"]),
    voice=text(help_text="Empty for a person's own recording."),
    stale=switch(),
    stale_reason=text(allow_null=True),
    words=inline_serializer(
        "WordTime",
        {"text": text(), "start": number(), "end": number(), "char": integer(), "length": integer()},
        many=True,
    ),
)


def point(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=number(min_value=0, max_value=1), min_length=2, max_length=2, **options)


def focuses(name: str, *, help_text: str, **options: Any) -> Any:
    """Return an object with a point for each frame shape."""
    return inline_serializer(name, {shape: point(**options) for shape in SHAPES}, help_text=help_text)


FRAMING_FIELDS = {
    "focus": point(help_text="From the left and the top, for every shape that has none of its own."),
    "focuses": focuses("Focuses", help_text="What a film of each shape uses now."),
    "own_focuses": serializers.DictField(child=point(), help_text="Those that people chose for a shape."),
    "held_motions": inline_serializer(
        "HeldMotions",
        {shape: serializers.ChoiceField(FACE_MOTIONS, allow_null=True) for shape in SHAPES},
        help_text="What the motion auto becomes where a pan would leave a face; null where it is chosen as ever.",
    ),
    "suggested": point(allow_null=True, help_text="Where most stands out in the picture; null where nothing does."),
    "motion": serializers.ChoiceField(MOTIONS),
    "fit": serializers.ChoiceField(FITS, allow_null=True, help_text="Null: as the film."),
}
FRAMING = inline_serializer("Framing", FRAMING_FIELDS)
BUNDLE_FILE = inline_serializer("BundleFile", {"bundle": serializers.FileField()})
BUNDLE_IMPORTED = shape(
    "BundleImported",
    id=integer(),
    title=text(),
    segments=integer(),
    left_out=serializers.DictField(help_text="Settings that cannot be used here, each with the reason."),
)
RECORDING_FILE = inline_serializer("RecordingFile", {"audio": serializers.FileField()})
VOICE_FIELDS = {
    "id": text(),
    "name": text(),
    "engine": text(),
    "language": text(),
    "gender": text(),
    "available": switch(),
    "missing": text(allow_null=True, help_text="What it needs before it can speak."),
    "remote": switch(help_text="What it says is sent to another machine."),
    "pace": shape(
        "Pace",
        letter=number(help_text="Seconds for each letter, at its own speed; the others alike."),
        digit=number(),
        word=number(),
        mark=number(help_text="For each word with a comma, colon, semicolon or dash behind it."),
        sentence=number(),
        hurry=number(help_text="When speed is over 1, it takes speed to the power of minus this; else 1 / speed."),
    ),
}
_HELP = {option.name: option.help for option in FILM_SETTINGS}


def _settings_fields(**options: Any) -> dict[str, Any]:
    """Return the settings as serializer fields. The type of a field is the type of its default."""
    kinds: dict[type, Any] = {bool: switch, int: integer, float: number, str: text}
    return {
        option.name: serializers.ChoiceField(option.choices, help_text=option.help, **options)
        if option.choices
        else kinds[type(option.default)](help_text=option.help, **options)
        for option in FILM_SETTINGS
    }


SETTINGS = inline_serializer("Settings", _settings_fields())
SETTINGS_CHANGE = inline_serializer("SettingsChange", _settings_fields(required=False, allow_null=True))
PROJECT_SETTINGS = shape(
    "ProjectSettings",
    values=inline_serializer("SettingsInProject", _settings_fields()),
    own=serializers.DictField(help_text="Those chosen for this project."),
)
