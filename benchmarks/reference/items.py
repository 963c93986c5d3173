"""The item contract's steps in the contract's order: unlink the file, then update the row."""

import logging
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.reference.models import Item
from benchmarks.reference.serializers import ItemSerializer

log = logging.getLogger(__name__)


def answer(data, message, status=200):
    return Response({"data": data, "error": None, "message": message}, status=status)


def failure(code, sentence, message, status):
    return Response({"data": None, "error": {"code": code, "message": sentence}, "message": message}, status=status)


class ItemListView(APIView):
    def get(self, request):
        return answer(ItemSerializer(Item.objects.all(), many=True).data, "Items retrieved successfully")

    def post(self, request):
        form = ItemSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        form.save()
        return answer(form.data, "Item created successfully", status=201)


class ItemImageView(APIView):
    def post(self, request, item_id):
        item = Item.objects.filter(pk=item_id).first()
        file = request.FILES.get("image")
        if item is None or file is None:
            return failure("ITEM_NOT_FOUND", f"Item with ID {item_id} not found", "Image upload failed", 404)
        name = f"item-{time.time_ns() // 1_000_000}-{secrets.token_hex(6)}{Path(file.name).suffix}"
        settings.UPLOADS_ROOT.mkdir(parents=True, exist_ok=True)
        with (settings.UPLOADS_ROOT / name).open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        item.image_url = f"/uploads/items/{name}"
        item.save()
        return answer(ItemSerializer(item).data, "Image uploaded successfully", status=201)

    def delete(self, request, item_id):
        item = Item.objects.filter(pk=item_id).first()
        message = "Image deletion failed"
        if item is None:
            return failure("ITEM_NOT_FOUND", f"Item with ID {item_id} not found", message, 404)
        if item.image_url is None:
            return failure("NO_IMAGE_FOUND", "Item does not have an image to delete", message, 404)
        try:
            os.unlink(settings.UPLOADS_ROOT / os.path.basename(item.image_url))
        except FileNotFoundError:
            log.warning("Image file not found on disk, setting imageUrl to NULL anyway")
        except OSError:
            return failure("FILE_DELETE_ERROR", "Failed to delete image file from disk", message, 500)
        with transaction.atomic():
            item.image_url = None
            item.save()
        return answer(ItemSerializer(Item.objects.get(pk=item_id)).data, "Image deleted successfully")
