"""Services that can be chosen no more, and stay on the incidents that name them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_search_index"),
    ]
    operations = [
        migrations.AddField(
            model_name="service",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="retired"),
        ),
    ]
