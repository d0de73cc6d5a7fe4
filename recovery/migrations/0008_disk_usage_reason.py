from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recovery", "0007_accepted_results")]

    operations = [
        migrations.AddField(
            model_name="diskusage",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
