"""One index on hashes instead of four: they lie anywhere in it, and each act wrote a page of each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entryrow",
            name="hash",
            field=models.CharField(max_length=64),
        ),
        migrations.AlterField(
            model_name="entryrow",
            name="previous_hash",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="entryrow",
            constraint=models.UniqueConstraint(fields=("previous_hash",), name="journal_cannot_fork"),
        ),
    ]
