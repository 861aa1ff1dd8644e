import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlogPost",
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
                ("title", models.CharField(max_length=255)),
                (
                    "content",
                    models.TextField(
                        blank=True, default="", help_text="The live text, in Markdown.", verbose_name="text"
                    ),
                ),
                ("brief_title", models.CharField(editable=False, max_length=255)),
                (
                    "brief",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Notes for the writer. Changing them regenerates the post; the live text stays until then.",
                        max_length=20000,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("in_progress", "In Progress"),
                            ("completed", "Completed"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("failure", models.JSONField(default=None, editable=False, null=True)),
                ("progress", models.JSONField(default=None, editable=False, null=True)),
                ("version", models.PositiveBigIntegerField(default=0, editable=False)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="updated"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=255)),
                ("content", models.TextField(blank=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("ai", "AI"), ("human", "Human"), ("restored", "Restored")], max_length=16
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                (
                    "author",
                    models.ForeignKey(
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
                        related_name="revisions",
                        to="blogs.blogpost",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(default="")),
                ("created_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="blogpost",
            index=models.Index(fields=["owner", "-id"], name="post_owner_newest"),
        ),
        migrations.AddIndex(
            model_name="blogpost",
            index=models.Index(fields=["status", "-id"], name="post_status_newest"),
        ),
        migrations.AddIndex(
            model_name="blogpost",
            index=models.Index(fields=["owner", "status", "-id"], name="post_owner_status_newest"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("post", "number"), name="revision_number_once_a_post"),
        ),
        migrations.AddConstraint(
            model_name="storedanswer",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="stored_answer_once_a_key"),
        ),
    ]
