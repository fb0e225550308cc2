"""A new database: what the migrations up to services make one after the other, made at once."""

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    replaces = [
        ("coding", "0001_initial"),
        ("coding", "0002_guards"),
        ("coding", "0003_fact_asked_first"),
        ("coding", "0004_renew_guard"),
        ("coding", "0005_profiles_and_jobs"),
        ("coding", "0006_number_answers"),
        ("coding", "0007_fee_schedules"),
        ("coding", "0008_jobs_of_the_scheduler"),
        ("coding", "0009_stored_uploads"),
        ("coding", "0010_keep_old_uploads"),
        ("coding", "0011_rows_without_cells"),
        ("coding", "0012_lexicons"),
        ("coding", "0013_guard_lexicons"),
        ("coding", "0014_services"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="LexiconDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.CharField(max_length=64, unique=True)),
                ("document", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RuleDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.CharField(max_length=64, unique=True)),
                ("document", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="CodeSetRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_set", models.CharField(choices=[("icd10cm", "ICD-10-CM")], max_length=20)),
                ("release", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(help_text="Where the codes come from, with its version.", max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_set", "valid_from"), name="one_release_per_code_set_and_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="FactProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("answers", models.BinaryField()),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="profiles", to="coding.ruleset"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule_set", "content_hash"), name="one_profile_per_combination_of_facts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DistinctAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.ruleset"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rule_set", "content_hash"), name="one_number_per_distinct_answer")
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeScheduleRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("valid_from", models.DateField(unique=True)),
                ("source", models.CharField(help_text="Where the values come from.", max_length=200)),
                (
                    "content_hash",
                    models.CharField(help_text="Tells whether a file holds the same values.", max_length=64),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="running",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "running_since",
                    models.DateTimeField(blank=True, help_text="When it was last started or resumed.", null=True),
                ),
                (
                    "served_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When a worker last took a chunk: the job that waited longest is next.",
                        null=True,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        help_text="Null: the scheduler.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "id"], name="job_by_state")],
            },
        ),
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        help_text="What form it is, and of what: “ruling:” and a random id.", max_length=100
                    ),
                ),
                ("fields", models.JSONField()),
                ("kept_at", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kept_at"], name="kept_text_by_age")],
                "constraints": [models.UniqueConstraint(fields=("person", "form"), name="one_kept_text_per_form")],
            },
        ),
        migrations.CreateModel(
            name="ReceivedForm",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("leads_to", models.CharField(max_length=300)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleSetVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                ("notes", models.TextField(blank=True, help_text="Known conflicts and remarks, one paragraph each.")),
                ("family", models.TextField(help_text="The procedure codes of the family, separated by spaces.")),
                (
                    "hit_policy",
                    models.CharField(
                        choices=[("first", "first"), ("unique", "unique")], default="first", max_length=10
                    ),
                ),
                ("change_note", models.TextField(blank=True, verbose_name="what changed and why")),
                (
                    "effective_from",
                    models.DateField(blank=True, help_text="First date of service it decides.", null=True),
                ),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "edition",
                    models.PositiveIntegerField(
                        default=1,
                        editable=False,
                        help_text="Grows with every edit, so that no edit overwrites another unseen.",
                    ),
                ),
                (
                    "lexicon_frame",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Groups of phrases, sites, findings, consequences, and values that prevail; see the guide.",
                        verbose_name="lexicon without its terms",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="coding.ruledocument",
                    ),
                ),
                (
                    "last_editor",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lexicon",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="coding.lexicondocument",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="coding.ruleset"
                    ),
                ),
            ],
            options={
                "ordering": ["rule_set", "-number"],
                "permissions": [
                    ("publish_rulesetversion", "Can approve and publish a version that somebody else wrote")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule_set", "number"), name="one_version_per_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("rule_set", "effective_from"),
                        name="one_published_version_per_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approver", models.F("author")), _negated=True),
                            models.Q(("approver", models.F("last_editor")), _negated=True),
                        ),
                        name="author_does_not_approve",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "in_review"]),
                            models.Q(
                                ("approver__isnull", False),
                                ("document__isnull", False),
                                ("effective_from__isnull", False),
                                ("published_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="published_version_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60, unique=True)),
                ("layout", models.JSONField()),
                ("matched_at", models.DateTimeField(auto_now=True)),
                (
                    "matched_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("event", models.CharField(max_length=60)),
                ("actor_name", models.CharField(max_length=300)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=60)),
                ("encounter", models.UUIDField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("request_id", models.CharField(blank=True, max_length=60)),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
                "indexes": [
                    models.Index(fields=["encounter", "sequence"], name="audit_by_encounter"),
                    models.Index(fields=["subject_type", "subject_id", "sequence"], name="audit_by_subject"),
                    models.Index(fields=["actor", "sequence"], name="audit_by_actor"),
                    models.Index(fields=["event", "sequence"], name="audit_by_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10)),
                ("description", models.CharField(max_length=300)),
                ("reportable", models.BooleanField(help_text="False for a category that needs more characters.")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="coding.codesetrelease"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("release", "code"), name="one_code_per_release")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("provider_query", "Provider query"),
                            ("supervisor_review", "Supervisor review"),
                            ("no_family_code", "Nothing to report"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("reported", models.CharField(editable=False, max_length=60)),
                ("rule_id", models.CharField(max_length=20)),
                ("message", models.TextField()),
                ("decision", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="coding.ruledocument",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suggestions", to="coding.factprofile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "document"), name="one_suggestion_per_profile_and_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeScheduleValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                ("modifier", models.CharField(blank=True, max_length=2)),
                ("status", models.CharField(max_length=1)),
                ("work_rvu", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="work RVU")),
                ("facility_total", models.DecimalField(decimal_places=2, max_digits=8)),
                ("non_facility_total", models.DecimalField(decimal_places=2, max_digits=8)),
                ("global_days", models.CharField(blank=True, max_length=3)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="coding.feeschedulerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "code", "modifier"), name="one_value_per_release_and_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JobChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField(help_text="How many items it has.")),
                ("payload", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("leased", "Leased"), ("done", "Done"), ("failed", "Failed")],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "error",
                    models.CharField(blank=True, help_text="The kind of error, without any data.", max_length=200),
                ),
                ("careful", models.BooleanField(default=False)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("quarantined", models.JSONField(default=list)),
                (
                    "setbacks",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Attempts that were lost or raised an error, since an item was last quarantined.",
                    ),
                ),
                ("suspect", models.PositiveBigIntegerField(blank=True, null=True)),
                ("trying", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chunks", to="coding.job"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["state", "lease_until", "id"], name="chunk_to_claim")],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "number"), name="one_chunk_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "leased"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="leased_chunk_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "source",
                    models.CharField(
                        help_text="The sending system; with the external id it names an encounter.", max_length=60
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("format", models.CharField(max_length=20)),
                ("layout", models.JSONField(default=dict)),
                ("preview", models.JSONField(null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "read_to",
                    models.PositiveBigIntegerField(default=0, help_text="The byte up to which the file was read."),
                ),
                ("size", models.PositiveBigIntegerField(help_text="In bytes.")),
                (
                    "check_job",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.job",
                    ),
                ),
                (
                    "import_job",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.job",
                    ),
                ),
                (
                    "look_job",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.job",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only this family: every encounter gets a service of it, and no other family opens.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.ruleset",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("rule_id", models.CharField(max_length=20, verbose_name="rule")),
                ("title", models.CharField(max_length=120)),
                (
                    "conditions",
                    models.TextField(
                        blank=True,
                        help_text="One condition a line, such as “anesthesia: general, regional” or “treatment: not none”. A line “or” begins an alternative. Empty: always.",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "code"),
                            ("provider_query", "provider query"),
                            ("supervisor_review", "supervisor review"),
                            ("no_family_code", "no family code"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("message", models.TextField(help_text="What the coder reads.")),
                ("basis", models.TextField(help_text="The source of the rule.")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("version", "rule_id"), name="one_rule_per_id")],
            },
        ),
        migrations.CreateModel(
            name="ModifierRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("modifier", models.CharField(max_length=2)),
                (
                    "conditions",
                    models.TextField(
                        blank=True,
                        help_text="One condition a line, such as “anesthesia: general, regional” or “treatment: not none”. A line “or” begins an alternative. Empty: always.",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="modifier_rules",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LexiconTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "phrase",
                    models.CharField(
                        help_text="Words; (a|b) one of several, [a] or not, {group}, word* any ending, <3> up to three words between.",
                        max_length=300,
                    ),
                ),
                ("fact", models.CharField(help_text="The key of a question, such as anesthesia.", max_length=60)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        help_text="The answer if the phrase is affirmed; empty keeps shorter phrases out.",
                        max_length=60,
                    ),
                ),
                (
                    "negated",
                    models.CharField(
                        blank=True, help_text="The answer if it is denied, if any follows.", max_length=60
                    ),
                ),
                ("section", models.CharField(blank=True, help_text="Only in sections of this name.", max_length=60)),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("clue", "clue: proves nothing alone"),
                            ("hint", "hint: counts where nothing stronger is said"),
                            ("usual", "usual"),
                            ("explicit", "explicit: counts before what is usual"),
                        ],
                        default="usual",
                        max_length=10,
                    ),
                ),
                (
                    "lasting",
                    models.BooleanField(
                        default=False, help_text="It holds today also if the note tells it as history."
                    ),
                ),
                (
                    "needs",
                    models.CharField(
                        blank=True, help_text="fact=value|value that must be said elsewhere.", max_length=200
                    ),
                ),
                (
                    "unless",
                    models.CharField(
                        blank=True, help_text="fact=value|value that must not be said elsewhere.", max_length=200
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        blank=True,
                        help_text="value|value that the phrase makes doubtful; silence: there is more to know.",
                        max_length=200,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lexicon_terms",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "indexes": [models.Index(fields=["version", "fact", "phrase"], name="lexicon_term_by_fact")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "phrase", "fact", "section"), name="one_lexicon_term_per_phrase"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("key", models.SlugField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("choice", "choice"),
                            ("yes_no", "yes no"),
                            ("whole_number", "whole number"),
                            ("code_set", "code set"),
                        ],
                        max_length=20,
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("question", models.CharField(max_length=300)),
                ("help", models.TextField(blank=True)),
                ("choices", models.TextField(blank=True, help_text="One choice a line: value | label.")),
                ("minimum", models.IntegerField(blank=True, null=True)),
                ("maximum", models.IntegerField(blank=True, null=True)),
                ("unit", models.CharField(blank=True, max_length=30)),
                (
                    "asked_first",
                    models.BooleanField(
                        default=False, help_text="Asked before all that are not, while it can still change the outcome."
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("version", "key"), name="one_fact_per_key")],
            },
        ),
        migrations.CreateModel(
            name="SupportingDiagnosis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("codes", models.CharField(help_text="ICD-10-CM codes, separated by spaces.", max_length=200)),
                (
                    "conditions",
                    models.TextField(
                        blank=True,
                        help_text="One condition a line, such as “anesthesia: general, regional” or “treatment: not none”. A line “or” begins an alternative. Empty: always.",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supporting_diagnoses",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "supporting diagnoses",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Encounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("source", models.CharField(default="typed", max_length=60)),
                ("external_id", models.CharField(max_length=60, verbose_name="external id")),
                ("patient_reference", models.CharField(max_length=60)),
                ("birth_date", models.DateField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[("F", "Female"), ("M", "Male"), ("O", "Other"), ("U", "Unknown")],
                        default="U",
                        max_length=1,
                    ),
                ),
                ("date_of_service", models.DateField()),
                ("place_of_service", models.CharField(max_length=2)),
                ("provider", models.CharField(max_length=120)),
                ("payer", models.CharField(blank=True, max_length=120)),
                ("note", models.TextField()),
                ("content_hash", models.CharField(editable=False, max_length=64)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("revision", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_code", "To code"),
                            ("in_review", "In review"),
                            ("awaiting_provider", "Awaiting provider"),
                            ("final", "Final"),
                        ],
                        default="to_code",
                        max_length=20,
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="encounters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="encounters",
                        to="coding.factprofile",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="encounters", to="coding.ruleset"
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="encounters",
                        to="coding.suggestion",
                    ),
                ),
            ],
            options={
                "ordering": ["date_of_service", "id"],
                "permissions": [("code_encounter", "Can answer questions about an encounter")],
                "indexes": [
                    models.Index(fields=["date_of_service", "id"], name="encounter_by_date"),
                    models.Index(fields=["state", "date_of_service", "id"], name="encounter_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "external_id"), name="one_encounter_per_source_and_external_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="From 0.")),
                ("content", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="coding.upload"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("upload", "number"), name="one_part_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(help_text="Within the encounter, from 1.")),
                ("day", models.DateField(help_text="The encounter's date of service.")),
                ("payer", models.CharField(blank=True, max_length=120)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("line", "A submitted line"),
                            ("family", "The rule set chosen when the encounter came in"),
                            ("coder", "A coder added it"),
                            ("moved", "A coder moved it here from another rule set"),
                        ],
                        default="line",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_code", "To code"),
                            ("in_review", "In review"),
                            ("awaiting_provider", "Awaiting provider"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="to_code",
                        max_length=20,
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The latest coding round; 0 before the first."
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="coding.encounter"
                    ),
                ),
                (
                    "from_service",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_to",
                        to="coding.service",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.factprofile",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.ruleset",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        help_text="The version that the round began with, and keeps.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.rulesetversion",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.suggestion",
                    ),
                ),
            ],
            options={
                "ordering": ["encounter", "number"],
                "permissions": [("withdraw_service", "Can withdraw a service or move it to another rule set")],
                "indexes": [
                    models.Index(fields=["rule_set", "suggestion", "state"], name="service_by_suggestion"),
                    models.Index(fields=["rule_set", "day", "payer", "suggestion", "state"], name="service_by_day"),
                    models.Index(fields=["assigned_to", "state", "encounter"], name="service_by_assignee"),
                    models.Index(fields=["suggestion"], name="service_of_suggestion"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("encounter", "number"), name="one_service_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rule_set__isnull", False),
                            models.Q(
                                ("profile__isnull", True), ("suggestion__isnull", True), ("version__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="only_a_rule_set_suggests",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("rejected", "Rejected"),
                            ("skipped", "Nothing to code"),
                            ("imported", "Imported"),
                            ("corrected", "Imported as a correction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("errors", models.JSONField(default=list)),
                ("number", models.PositiveIntegerField(help_text="The place among the items of the file, from 1.")),
                ("based_on", models.CharField(blank=True, max_length=64)),
                ("changes", models.JSONField(default=list)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("place", models.CharField(max_length=200)),
                ("record", models.JSONField(null=True)),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="coding.encounter",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="coding.upload"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["upload", "state", "number"], name="upload_row_by_state"),
                    models.Index(fields=["upload", "external_id", "number"], name="upload_row_by_external_id"),
                ],
                "constraints": [models.UniqueConstraint(fields=("upload", "number"), name="one_row_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=10)),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diagnoses", to="coding.encounter"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("encounter", "position"), name="one_diagnosis_per_position")
                ],
            },
        ),
        migrations.CreateModel(
            name="EncounterRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("record", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("changes", models.JSONField(help_text="The fields that the correction changed.")),
                ("corrected_at", models.DateTimeField(auto_now_add=True)),
                (
                    "corrected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="coding.encounter"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("encounter", "number"), name="one_revision_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("coder", "Coder"),
                            ("evidence", "Read in the note, confirmed by the coder"),
                            ("upload", "Upload"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "passages",
                    models.JSONField(
                        default=list,
                        help_text="What the note says for it: start, end and text of each passage, and who marked it.",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why it was kept although passages of the note speak against it."
                    ),
                ),
                (
                    "revision",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="The revision of the encounter that was read."
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lexicon",
                    models.ForeignKey(
                        help_text="What read the note.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.lexicondocument",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="coding.service"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["service", "id"], name="answer_by_service")],
            },
        ),
        migrations.CreateModel(
            name="ServiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("units", models.PositiveSmallIntegerField(default=1)),
                ("diagnosis_pointers", models.JSONField(default=list)),
                (
                    "gone_in",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="The revision of the encounter that no longer submits it.", null=True
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="service_lines", to="coding.encounter"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="coding.serviceline",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="coding.service"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "number"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units__gte", 1)), name="service_line_has_units"),
                    models.UniqueConstraint(fields=("encounter", "number"), name="one_service_line_per_number"),
                ],
            },
        ),
    ]
