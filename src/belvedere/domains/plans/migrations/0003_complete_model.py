import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import belvedere.domains.plans.states
import belvedere.domains.plans.vocabulary
import belvedere.kernel.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("access", "__first__"),
        ("plans", "0002_append_only"),
        ("territory", "0002_boundary_box"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="fundingline",
            name="funding_rule_has_its_figures",
        ),
        migrations.RemoveConstraint(
            model_name="fundingline",
            name="funding_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="spendline",
            name="spend_line_once_a_year",
        ),
        migrations.RemoveConstraint(
            model_name="spendline",
            name="spend_line_not_negative",
        ),
        migrations.AddField(
            model_name="fundingline",
            name="advance_share",
            field=models.DecimalField(decimal_places=5, default=1, max_digits=6),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="claim_deadline",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="decided_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="indexed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="lag_years",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="requested_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="start_deadline",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="tariff",
            field=models.DecimalField(decimal_places=2, max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="fundingline",
            name="unit",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="measure",
            name="justification",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="measure",
            name="replaced_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="plans.measure"
            ),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="at_stake",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=16),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="promised",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=16),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="rules",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="spending",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="start_deadline",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="works_end",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="measurefigures",
            name="works_start",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="phase",
            name="confirmed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="plan",
            name="adopted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="has_agreement",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="plan",
            name="legal_basis",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="agreement",
            field=models.CharField(
                choices=[
                    ("not_listed", "NOT_LISTED"),
                    ("proposed", "PROPOSED"),
                    ("assessed", "ASSESSED"),
                    ("in_agreement", "IN_AGREEMENT"),
                    ("requested", "REQUESTED"),
                    ("signed", "SIGNED"),
                    ("works_started", "WORKS_STARTED"),
                    ("claims", "CLAIMS"),
                    ("final_account", "FINAL_ACCOUNT"),
                    ("closed", "CLOSED"),
                    ("forfeited", "FORFEITED"),
                ],
                default=belvedere.domains.plans.states.Agreement["NOT_LISTED"],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="agreement_number",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="assessed_priority",
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="claim_deadline",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="contribution",
            field=models.CharField(
                choices=[("individual", "INDIVIDUAL"), ("lump", "LUMP")],
                default=belvedere.domains.plans.vocabulary.Contribution["INDIVIDUAL"],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="deadline_source",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="deadlines_frozen_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="financing_date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="financing_number",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="listed_cost",
            field=models.DecimalField(decimal_places=2, max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="planmembership",
            name="listed_cost_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="site",
            name="asset_ref",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="spendline",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="spendline",
            name="span",
            field=models.CharField(
                blank=True,
                choices=[("", "YEAR"), ("before", "BEFORE"), ("after", "AFTER")],
                default=belvedere.domains.plans.vocabulary.Span["YEAR"],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="fundingline",
            name="rule",
            field=models.CharField(
                choices=[
                    ("fixed", "FIXED"),
                    ("lump_per_unit", "LUMP"),
                    ("rate_on_eligible", "RATE"),
                    ("fill_up_to", "FILL_UP"),
                    ("residual", "RESIDUAL"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="spendline",
            name="nature",
            field=models.CharField(
                choices=[("investment", "INVESTMENT"), ("operation", "OPERATION")],
                default=belvedere.domains.plans.vocabulary.Nature["INVESTMENT"],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__isnull", False),
                        ("rate__isnull", True),
                        ("rule", belvedere.domains.plans.states.FundingRule["FIXED"]),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("rate__isnull", False),
                        ("rule", belvedere.domains.plans.states.FundingRule["RATE"]),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("rate__isnull", False),
                        ("rule", belvedere.domains.plans.states.FundingRule["FILL_UP"]),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("rule", belvedere.domains.plans.states.FundingRule["LUMP"]),
                        ("tariff__isnull", False),
                        models.Q(("unit", ""), _negated=True),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("rate__isnull", True),
                        ("rule", belvedere.domains.plans.states.FundingRule["RESIDUAL"]),
                    ),
                    _connector="OR",
                ),
                name="funding_rule_has_its_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingline",
            constraint=models.CheckConstraint(
                condition=models.Q(("advance_share__gte", 0), ("advance_share__lte", 1)),
                name="funding_advance_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                    models.Q(("cap__isnull", True), ("cap__gte", 0), _connector="OR"),
                    models.Q(("tariff__isnull", True), ("tariff__gte", 0), _connector="OR"),
                ),
                name="funding_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="spendline",
            constraint=models.UniqueConstraint(
                fields=("measure", "scenario", "year", "span", "nature", "state"),
                name="spend_line_once_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="spendline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="spend_line_negative_with_reason",
            ),
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                (
                    "vat",
                    models.CharField(
                        choices=[("excluded", "EXCLUDED"), ("included", "INCLUDED"), ("unknown", "UNKNOWN")],
                        max_length=10,
                    ),
                ),
                ("price_base", models.CharField(blank=True, max_length=7)),
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reference", models.CharField(max_length=80)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("dated", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["dated", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "reference"), name="commitment_once_a_contract"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="commitment_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contribution",
                    models.CharField(choices=[("individual", "INDIVIDUAL"), ("lump", "LUMP")], max_length=12),
                ),
                ("start_by", models.DateField(null=True)),
                ("claim_by", models.DateField(null=True)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(blank=True, max_length=300)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadline_rules",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "contribution", "valid_from"), name="deadline_rule_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("sheet", "SHEET"),
                            ("plan", "PLAN"),
                            ("study", "STUDY"),
                            ("report", "REPORT"),
                            ("decision", "DECISION"),
                            ("agreement", "AGREEMENT"),
                            ("invoice", "INVOICE"),
                            ("photo", "PHOTO"),
                            ("other", "OTHER"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("public", models.BooleanField(default=False)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="plans.measure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("credit", "CREDIT"),
                            ("approval", "APPROVAL"),
                            ("agreement", "AGREEMENT"),
                            ("deferral", "DEFERRAL"),
                            ("abandon", "ABANDON"),
                            ("other", "OTHER"),
                        ],
                        max_length=12,
                    ),
                ),
                ("body", models.CharField(max_length=200)),
                ("dated", models.DateField()),
                ("title", models.JSONField(default=dict)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("vat", models.CharField(blank=True, max_length=10)),
                ("price_base", models.CharField(blank=True, max_length=7)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="plans.measure",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="plans.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True),
                            models.Q(("currency", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_amount_has_a_currency",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentContent",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size_bytes", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "content",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.documentcontent",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="plans.document",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="document_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Frame",
            fields=[
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                (
                    "vat",
                    models.CharField(
                        choices=[("excluded", "EXCLUDED"), ("included", "INCLUDED"), ("unknown", "UNKNOWN")],
                        max_length=10,
                    ),
                ),
                ("price_base", models.CharField(blank=True, max_length=7)),
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[("investment", "INVESTMENT"), ("operation", "OPERATION")],
                        max_length=12,
                    ),
                ),
                ("ceiling", models.DecimalField(decimal_places=2, max_digits=16)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("decided_on", models.DateField(null=True)),
                (
                    "node",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.plannode",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.organisation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "plan", "node", "year", "nature"),
                        name="frame_once_a_year",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ceiling__gte", 0)), name="frame_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("names", models.JSONField(default=dict)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("yearly_rate", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "code"), name="index_code_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(max_length=7)),
                ("value", models.DecimalField(decimal_places=4, max_digits=10)),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="plans.indexseries",
                    ),
                ),
            ],
            options={
                "ordering": ["month"],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "month"), name="index_value_once_a_month"),
                    models.CheckConstraint(condition=models.Q(("value__gt", 0)), name="index_value_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("names", models.JSONField(default=dict)),
                ("unit", models.CharField(max_length=40)),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "UP"), ("down", "DOWN"), ("steady", "STEADY")], max_length=8
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300)),
                ("formula", models.CharField(blank=True, max_length=300)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "code"), name="indicator_code_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureIndicator",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("output", "OUTPUT"), ("outcome", "OUTCOME"), ("context", "CONTEXT")],
                        max_length=8,
                    ),
                ),
                ("baseline", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("baseline_on", models.DateField(null=True)),
                ("target", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("target_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="plans.indicator"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "indicator"), name="indicator_once_a_measure")
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dated", models.DateField()),
                (
                    "kind",
                    models.CharField(choices=[("result", "RESULT"), ("estimate", "ESTIMATE")], max_length=8),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("comment", models.CharField(blank=True, max_length=300)),
                (
                    "measure_indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="plans.measureindicator",
                    ),
                ),
            ],
            options={
                "ordering": ["dated", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure_indicator", "dated", "kind", "source"), name="indicator_value_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureActor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("pilot", "PILOT"),
                            ("co_owner", "CO_OWNER"),
                            ("technical", "TECHNICAL"),
                            ("elected_referent", "ELECTED"),
                            ("partner", "PARTNER"),
                            ("planner", "PLANNER"),
                            ("site_manager", "SITE_MANAGER"),
                            ("contact", "CONTACT"),
                        ],
                        max_length=20,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=120)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actors", to="plans.measure"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["role", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__isnull", True),
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="actor_dates_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "DEPENDS_ON"),
                            ("conflicts", "CONFLICTS"),
                            ("complements", "COMPLEMENTS"),
                            ("replaces", "REPLACES"),
                            ("substitutes", "SUBSTITUTES"),
                            ("part_of", "PART_OF"),
                            ("accompanies", "ACCOMPANIES"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("lag_months", models.SmallIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="plans.measure"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked_from",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target", "type"), name="link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="link_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("credit", "CREDIT"),
                            ("permit", "PERMIT"),
                            ("tender", "TENDER"),
                            ("financing_agreement", "FINANCING"),
                            ("works_start", "START"),
                            ("opening", "OPENING"),
                            ("claim", "CLAIM"),
                            ("other", "OTHER"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.JSONField(default=dict)),
                ("planned", models.DateField(null=True)),
                ("forecast", models.DateField(null=True)),
                ("actual", models.DateField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="plans.measure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                (
                    "vat",
                    models.CharField(
                        choices=[("excluded", "EXCLUDED"), ("included", "INCLUDED"), ("unknown", "UNKNOWN")],
                        max_length=10,
                    ),
                ),
                ("price_base", models.CharField(blank=True, max_length=7)),
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("dated", models.DateField()),
                ("year", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16)),
                ("reference", models.CharField(blank=True, max_length=80)),
                (
                    "commitment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="plans.commitment",
                    ),
                ),
                (
                    "funding_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="plans.fundingline",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payments",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["dated", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commitment__isnull", True), ("funding_line__isnull", True), _connector="OR"
                        ),
                        name="payment_out_or_in",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quantity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("m", "METRE"),
                            ("m2", "SQUARE_METRE"),
                            ("piece", "PIECE"),
                            ("place", "PLACE"),
                            ("tree", "TREE"),
                            ("dwelling", "DWELLING"),
                            ("kW", "KILOWATT"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.JSONField(default=dict)),
                ("planned", models.DecimalField(decimal_places=3, max_digits=14)),
                ("realised", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quantities",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("planned__gte", 0)), name="quantity_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("land", "LAND"),
                            ("objection", "OBJECTION"),
                            ("permit", "PERMIT"),
                            ("cost", "COST"),
                            ("funding", "FUNDING"),
                            ("capacity", "CAPACITY"),
                            ("ground", "GROUND"),
                            ("coordination", "COORDINATION"),
                            ("other", "OTHER"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.JSONField(default=dict)),
                ("probability", models.PositiveSmallIntegerField()),
                ("impact", models.PositiveSmallIntegerField()),
                ("mitigation", models.JSONField(default=dict)),
                ("closed_on", models.DateField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="risks", to="plans.measure"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("impact__gte", 1),
                            ("impact__lte", 5),
                            ("probability__gte", 1),
                            ("probability__lte", 5),
                        ),
                        name="risk_on_the_scale",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("prudent", "PRUDENT"), ("accelerated", "ACCELERATED"), ("own", "OWN")],
                        default=belvedere.domains.plans.vocabulary.ScenarioType["OWN"],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("cost_share", models.DecimalField(decimal_places=5, default=0, max_digits=6)),
                ("shift_years", models.SmallIntegerField(default=0)),
                ("archived", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.organisation",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived", False)),
                        fields=("organisation", "name"),
                        name="scenario_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost_share__gt", -1)), name="scenario_cost_possible"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScenarioChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shift_years", models.SmallIntegerField(default=0)),
                ("cost_share", models.DecimalField(decimal_places=5, default=0, max_digits=6)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plans.measure"
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="plans.scenario",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scenario", "measure"), name="scenario_change_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScenarioLeaver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.organisation",
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leavers",
                        to="plans.scenario",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scenario", "organisation"), name="scenario_leaver_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=belvedere.kernel.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("budget", "BUDGET"),
                            ("four_year_plan", "FOUR_YEAR_PLAN"),
                            ("agreement", "AGREEMENT"),
                            ("report", "REPORT"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("body", models.CharField(max_length=200)),
                ("voted_on", models.DateField()),
                ("scenario_name", models.CharField(blank=True, max_length=120)),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.organisation",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SnapshotLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measure_id", models.UUIDField()),
                ("content", models.JSONField()),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="plans.snapshot"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "measure_id"), name="snapshot_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("same", "SAME"),
                            ("modified", "MODIFIED"),
                            ("replaces", "REPLACES"),
                            ("split", "SPLIT"),
                            ("merged", "MERGED"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predecessors",
                        to="plans.planmembership",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successors",
                        to="plans.planmembership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("listing", "previous"), name="succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("listing", models.F("previous")), _negated=True),
                        name="succession_of_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VarianceReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measure_id", models.UUIDField()),
                ("kind", models.CharField(choices=[("money", "MONEY"), ("dates", "DATES")], max_length=8)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("days", models.IntegerField(null=True)),
                ("reason", models.CharField(max_length=1000)),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reasons",
                        to="plans.snapshot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VatRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("rate", models.DecimalField(decimal_places=4, max_digits=5)),
                ("source", models.CharField(blank=True, max_length=300)),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territory.territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "valid_from"), name="vat_rate_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lt", 1)), name="vat_rate_is_a_share"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="plan",
            name="index",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.indexseries",
            ),
        ),
    ]
