from django.db import migrations


class Migration(migrations.Migration):
    """Rename the model in the state only: the table keeps its name, so nothing changes in the database."""

    dependencies = [("preferences", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Choice", "SettingValue"),
                migrations.AlterModelTable("SettingValue", "preferences_choice"),
            ]
        )
    ]
