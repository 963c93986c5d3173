"""Django application configuration of `filming`; registers its handlers and hooks with the packages below."""

from django.apps import AppConfig


def register_speech_server() -> None:
    """Register the voices of the speech server in the settings, or none if no server is set."""
    from django.conf import settings  # noqa: PLC0415

    from narration.catalogue import use_remote  # noqa: PLC0415
    from narration.engines.remote import RemoteEngine  # noqa: PLC0415

    engine = RemoteEngine(
        settings.SPEECH_URL, settings.SPEECH_KEY, settings.SPEECH_MODEL, tuple(settings.SPEECH_VOICES)
    )
    use_remote(engine if settings.SPEECH_URL else None)


class FilmingConfig(AppConfig):
    name = "filming"
    verbose_name = "Narration and rendering"

    def ready(self) -> None:
        from api.services import picture_swap, segments, videos  # noqa: PLC0415
        from filming import (  # noqa: PLC0415 - once the apps are loaded
            film_settings,
            framings,
            merging,
            narrating,
            newest_videos,
            publishing,
            renders,
            segment_recordings,
        )
        from filming.models import Render  # noqa: PLC0415
        from jobs import handlers  # noqa: PLC0415
        from media_store import records, restoring  # noqa: PLC0415
        from preferences import setting_values  # noqa: PLC0415

        register_speech_server()
        setting_values.register(*film_settings.SETTING_DEFINITIONS)
        handlers.register(narrating.KIND, handlers.Handler(narrating.run, on_finished=narrating.on_finished))
        handlers.register(renders.KIND, handlers.Handler(renders.run, on_finished=renders.on_finished))
        for column in ("video", "srt", "vtt"):
            records.register(records.FileColumn(Render, column, area="media"))
        videos.register(newest_videos.newest_videos)
        picture_swap.register(framings.swap_framings)
        segments.register(merging.undo_merge)
        restoring.register(segment_recordings.TRASH_KIND, segment_recordings.restore_recording)
        restoring.register(publishing.TRASH_KIND, publishing.restore_render)
