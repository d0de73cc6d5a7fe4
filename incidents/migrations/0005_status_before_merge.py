from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_lists_of_incidents")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="status_before_merge",
            field=models.CharField(
                blank=True,
                choices=[
                    ("investigating", "Investigating"),
                    ("identified", "Identified"),
                    ("monitoring", "Monitoring"),
                    ("resolved", "Resolved"),
                    ("closed", "Closed"),
                ],
                max_length=20,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("status_before_merge", ""), ("duplicate_of__isnull", False), _connector="OR"),
                name="incident_status_before_merge_is_a_duplicates",
            ),
        ),
    ]
