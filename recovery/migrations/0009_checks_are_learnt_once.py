from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recovery", "0008_disk_usage_reason")]

    operations = [
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "person"), _negated=True),
                fields=("database", "kind"),
                name="check_not_by_a_person_is_one_a_kind",
            ),
        ),
    ]
