from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_publications_are_final")]
    operations = [
        migrations.AddField(
            model_name="sectioncomment", name="edited_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="sectioncomment", name="quote_before", field=models.CharField(blank=True, max_length=60)
        ),
        migrations.AddField(
            model_name="sectioncomment",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="removed"),
        ),
    ]
