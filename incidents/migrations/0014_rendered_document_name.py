from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_comments_changed")]
    operations = [
        migrations.AddField(
            model_name="rendereddocument", name="name", field=models.CharField(blank=True, max_length=250)
        )
    ]
