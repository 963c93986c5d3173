"""The Django app; registers its file column and its restorers with the media store."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "items"
    verbose_name = "Items"

    def ready(self) -> None:
        from items.models import Item  # noqa: PLC0415 - models exist only once the apps are loaded
        from items.services import item_images, items  # noqa: PLC0415
        from media_store import picture_sources, records, restoring  # noqa: PLC0415

        records.register(records.FileColumn(Item, "image_file", area="uploads"))
        restoring.register("item", items.restore_item)
        restoring.register("item-image", item_images.restore_image)
        picture_sources.register("item", item_images.locate_picture)
