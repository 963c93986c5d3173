"""What a render took and was made with, and which run made it; renders of before know none of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("filming", "0001_initial"),
    ]

    operations = [
        migrations.AddField("render", "asked_size", models.CharField(blank=True, default="", max_length=9)),
        migrations.AddField("render", "batch", models.CharField(blank=True, default="", max_length=36)),
        migrations.AddField("render", "fingerprint", models.JSONField(default=dict)),
        migrations.AddField("render", "facts", models.JSONField(default=dict)),
    ]
