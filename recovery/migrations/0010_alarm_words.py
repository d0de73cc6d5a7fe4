from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recovery", "0009_checks_are_learnt_once")]

    operations = [
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("failed", "A restore test failed"),
                    ("lapsed", "Not proven restorable for too long"),
                    ("lagging", "The replica is behind, or nobody can tell"),
                    ("disk", "The disk is nearly full"),
                ],
                max_length=20,
            ),
        ),
    ]
