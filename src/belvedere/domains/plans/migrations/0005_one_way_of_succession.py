from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_carry_over")]
    operations = [migrations.RemoveField(model_name="planmembership", name="previous")]
