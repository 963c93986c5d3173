"""Django's handle on this room; tells the media store which columns own files."""

from django.apps import AppConfig

from media_store import records


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "Story door"

    def ready(self) -> None:
        from api.models import Segment  # noqa: PLC0415 - models exist only once the apps are loaded

        for field in ("image_file", "audio_file"):
            records.register(records.FileColumn(Segment, field, area="media"))
