import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("blogs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseStyle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Rules in plain sentences: spelling, names, what to avoid. The embedded model cannot follow them.",
                        max_length=4000,
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
            ],
            options={
                "verbose_name_plural": "house style",
            },
        ),
        migrations.CreateModel(
            name="ProviderPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=200, unique=True)),
                ("until", models.DateTimeField()),
                (
                    "refusals",
                    models.PositiveSmallIntegerField(db_column="strikes", default=0, verbose_name="refusals in a row"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkerSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "length",
                    models.CharField(
                        choices=[
                            ("short", "Short (about 350 words)"),
                            ("standard", "Standard (about 800 words)"),
                            ("long", "Long (about 1500 words)"),
                        ],
                        db_default="standard",
                        default="standard",
                        max_length=16,
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("neutral", "Neutral"),
                            ("friendly", "Friendly"),
                            ("formal", "Formal"),
                            ("playful", "Playful"),
                            ("persuasive", "Persuasive"),
                        ],
                        db_default="neutral",
                        default="neutral",
                        max_length=16,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("general", "General"),
                            ("beginners", "Beginners"),
                            ("practitioners", "Practitioners"),
                            ("experts", "Experts"),
                            ("children", "Children"),
                        ],
                        db_default="general",
                        default="general",
                        max_length=16,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("auto", "Same as the title"),
                            ("en", "English"),
                            ("de", "German"),
                            ("fr", "French"),
                            ("es", "Spanish"),
                            ("it", "Italian"),
                            ("pt", "Portuguese"),
                            ("nl", "Dutch"),
                            ("sv", "Swedish"),
                            ("da", "Danish"),
                            ("nb", "Norwegian"),
                            ("fi", "Finnish"),
                            ("pl", "Polish"),
                            ("cs", "Czech"),
                            ("uk", "Ukrainian"),
                            ("tr", "Turkish"),
                            ("el", "Greek"),
                            ("id", "Indonesian"),
                            ("ja", "Japanese"),
                            ("ko", "Korean"),
                            ("zh", "Chinese"),
                        ],
                        db_default="auto",
                        default="auto",
                        max_length=16,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("brief_title", models.CharField(max_length=255)),
                ("brief", models.TextField(blank=True, max_length=20000)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("urgent", models.BooleanField(default=True)),
                ("turn", models.BigIntegerField(default=0)),
                ("base_revision", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("in_progress", "In Progress"),
                            ("completed", "Completed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("superseded", "Superseded"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("deaths", models.PositiveSmallIntegerField(default=0, verbose_name="attempts whose worker died")),
                ("token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True, verbose_name="next attempt")),
                ("worker", models.CharField(blank=True, max_length=80)),
                ("stage", models.CharField(blank=True, max_length=16)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(blank=True, max_length=255)),
                ("content", models.TextField(blank=True, verbose_name="text")),
                (
                    "landing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("landed", "Landed"),
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("discarded", "Discarded"),
                        ],
                        max_length=16,
                    ),
                ),
                ("failure_code", models.CharField(blank=True, max_length=32)),
                ("failure_message", models.TextField(blank=True)),
                ("provider", models.CharField(blank=True, max_length=32)),
                ("model", models.CharField(blank=True, max_length=80)),
                ("prompt_version", models.CharField(blank=True, max_length=16)),
                ("calls", models.PositiveIntegerField(default=0, verbose_name="model calls")),
                ("prompt_tokens", models.PositiveIntegerField(default=0)),
                ("cached_tokens", models.PositiveIntegerField(default=0)),
                ("completion_tokens", models.PositiveIntegerField(default=0)),
                ("cost", models.DecimalField(decimal_places=6, max_digits=12, null=True)),
                ("gate", models.JSONField(default=dict)),
                ("provenance", models.JSONField(db_default={}, default=dict)),
                ("steps", models.JSONField(default=None, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="requested")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="generations",
                        to="blogs.blogpost",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="generation",
                        to="blogs.revision",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        models.F("finished_at"),
                        models.OrderBy(models.F("urgent"), descending=True),
                        models.F("turn"),
                        models.F("id"),
                        name="generation_in_turn",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("urgent"),
                        models.Case(models.When(finished_at=None, then=models.F("turn"))),
                        name="generation_turns_of_owner",
                    ),
                    models.Index(
                        models.F("lease_until"),
                        condition=models.Q(("lease_until__isnull", False)),
                        name="generation_leases",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "number"), name="generation_number_once_a_post"),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None), ("number__gt", 0)),
                        fields=("post",),
                        name="one_unfinished_generation_a_post",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("status__in", ("pending", "in_progress"))),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("status__in", ("pending", "in_progress")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="generation_finished_at_its_end",
                    ),
                ],
            },
        ),
    ]
