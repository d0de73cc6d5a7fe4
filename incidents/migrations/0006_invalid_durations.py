from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_status_before_merge")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["number"],
                condition=Q(detected_at__lt=F("impact_started_at"))
                | Q(acknowledged_at__lt=F("detected_at"))
                | Q(mitigated_at__lt=F("impact_started_at"))
                | Q(resolved_at__lt=F("impact_started_at")),
                name="incident_with_invalid_duration",
            ),
        ),
    ]
