"""The Django app of this package. It registers with the media store which columns own files."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "Story API"

    def ready(self) -> None:
        from api.form_headers import read_latin_headers  # noqa: PLC0415
        from api.models import Segment  # noqa: PLC0415 - models exist only after the apps are loaded
        from api.services.segment_images import picture_to_lend  # noqa: PLC0415
        from api.services.storage import trash_days  # noqa: PLC0415
        from api.services.story_trash import RESTORERS  # noqa: PLC0415
        from media_store import picture_sources, records, restoring, trash  # noqa: PLC0415

        read_latin_headers()
        trash.register_days(trash_days)

        picture_sources.register("segment", picture_to_lend)
        for field in ("image_file", "audio_file"):
            records.register(records.FileColumn(Segment, field, area="media"))
        for kind, restorer in RESTORERS.items():
            restoring.register(kind, restorer)
