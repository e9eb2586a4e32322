import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A score, like a recusal, is made while the round is under review: before and after, the database itself refuses it, whoever is connected. The
# share lock makes whoever locks the round wait for a score that is being written, and a score that comes later see the lock.
GUARDED = """
CREATE FUNCTION visits_review_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_nomination uuid; of_reviewer bigint; phase text;
BEGIN
    IF TG_TABLE_NAME = 'visits_score' THEN
        SELECT nomination_id, reviewer_id INTO of_nomination, of_reviewer FROM visits_review
            WHERE id = COALESCE(NEW.review_id, OLD.review_id);
    ELSE
        of_nomination := COALESCE(NEW.nomination_id, OLD.nomination_id);
        of_reviewer := COALESCE(NEW.reviewer_id, OLD.reviewer_id);
    END IF;
    SELECT r.state INTO phase FROM visits_evaluationround r JOIN visits_nomination n ON n.round_id = r.id
        WHERE n.id = of_nomination FOR SHARE OF r;
    IF phase <> 'reviewing' THEN
        RAISE EXCEPTION '% is locked: the round is %', TG_TABLE_NAME, phase USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_TABLE_NAME <> 'visits_recusal' AND EXISTS (
        SELECT FROM visits_recusal WHERE nomination_id = of_nomination AND reviewer_id = of_reviewer
    ) THEN
        RAISE EXCEPTION 'conflict of interest' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION visits_score_is_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM visits_criterion c JOIN visits_review w ON w.id = NEW.review_id
        JOIN visits_nomination n ON n.id = w.nomination_id AND n.round_id = c.round_id AND n.kind = c.kind
        WHERE c.id = NEW.criterion_id AND NEW.points <= c.most
    ) THEN
        RAISE EXCEPTION 'points beyond the criterion' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER visits_review_open BEFORE INSERT OR UPDATE OR DELETE ON visits_review
    FOR EACH ROW EXECUTE FUNCTION visits_review_is_open();
CREATE TRIGGER visits_score_open BEFORE INSERT OR UPDATE OR DELETE ON visits_score
    FOR EACH ROW EXECUTE FUNCTION visits_review_is_open();
CREATE TRIGGER visits_recusal_open BEFORE INSERT OR UPDATE OR DELETE ON visits_recusal
    FOR EACH ROW EXECUTE FUNCTION visits_review_is_open();
CREATE TRIGGER visits_score_within BEFORE INSERT OR UPDATE ON visits_score
    FOR EACH ROW EXECUTE FUNCTION visits_score_is_within();
CREATE FUNCTION visits_kept_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER visits_keptindicator_immutable BEFORE UPDATE OR DELETE ON visits_keptindicator
    FOR EACH ROW EXECUTE FUNCTION visits_kept_is_immutable();
"""
GUARDED_OFF = """
DROP TRIGGER visits_keptindicator_immutable ON visits_keptindicator;
DROP FUNCTION visits_kept_is_immutable();
DROP TRIGGER visits_score_within ON visits_score;
DROP TRIGGER visits_recusal_open ON visits_recusal;
DROP TRIGGER visits_score_open ON visits_score;
DROP TRIGGER visits_review_open ON visits_review;
DROP FUNCTION visits_score_is_within();
DROP FUNCTION visits_review_is_open();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0014_mediation"),
        ("files", "0002_files_without_an_account"),
        ("orgs", "0002_enterprise_records"),
        ("visits", "0007_analyses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvaluationRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "准备"),
                            ("nominating", "提名"),
                            ("reviewing", "评审"),
                            ("locked", "已锁定"),
                            ("published", "已公布"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="阶段",
                    ),
                ),
                ("nominate_from", models.DateField(verbose_name="提名开始")),
                ("nominate_until", models.DateField(verbose_name="提名截止")),
                ("review_until", models.DateField(verbose_name="评审截止")),
                ("publish_on", models.DateField(verbose_name="计划公布")),
                ("opened_at", models.DateTimeField(verbose_name="建立时间")),
                ("locked_at", models.DateTimeField(null=True, verbose_name="锁定时间")),
                ("published_at", models.DateTimeField(null=True, verbose_name="公布时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "年评议",
                "verbose_name_plural": "年评议",
                "ordering": ["-year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2200)), name="evaluation_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nominate_until__gte", models.F("nominate_from")),
                            ("review_until__gte", models.F("nominate_until")),
                            ("publish_on__gte", models.F("review_until")),
                        ),
                        name="evaluation_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("locked_at__isnull", True),
                                ("published_at__isnull", True),
                                ("state__in", ["preparing", "nominating", "reviewing"]),
                            ),
                            models.Q(("locked_at__isnull", False), ("published_at__isnull", True), ("state", "locked")),
                            models.Q(
                                ("locked_at__isnull", False),
                                ("published_at__gte", models.F("locked_at")),
                                ("state", "published"),
                            ),
                            _connector="OR",
                        ),
                        name="evaluation_state_has_its_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="evaluation_published_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("research", "优秀调研成果"), ("proposal", "合理化建议")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(max_length=30, verbose_name="标准")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="权重")),
                ("most", models.PositiveSmallIntegerField(verbose_name="满分")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="visits.evaluationround",
                        verbose_name="年评议",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审标准",
                "verbose_name_plural": "评审标准",
                "ordering": ["kind", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "kind", "position"), name="criterion_position"),
                    models.UniqueConstraint(fields=("round", "kind", "name"), name="criterion_name_once"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="criterion_named"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most__gte", 1), ("most__lte", 100), ("weight__gte", 1), ("weight__lte", 100)
                        ),
                        name="criterion_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorWeight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[("cadre", "驻联干部"), ("township", "镇街")], max_length=8, verbose_name="对象"
                    ),
                ),
                ("indicator", models.CharField(max_length=12, verbose_name="指标")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="权重")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weights",
                        to="visits.evaluationround",
                        verbose_name="年评议",
                    ),
                ),
            ],
            options={
                "verbose_name": "指标权重",
                "verbose_name_plural": "指标权重",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "subject", "indicator"), name="indicator_weight_once"),
                    models.CheckConstraint(condition=models.Q(("weight__lte", 100)), name="indicator_weight_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=12, verbose_name="指标")),
                ("numerator", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="分子")),
                ("denominator", models.PositiveIntegerField(verbose_name="分母")),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name="得分")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="权重")),
                ("few", models.BooleanField(verbose_name="基数小")),
                (
                    "cadre",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="驻联干部",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept",
                        to="visits.evaluationround",
                        verbose_name="年评议",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="镇街",
                    ),
                ),
            ],
            options={
                "verbose_name": "锁定的指标",
                "verbose_name_plural": "锁定的指标",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cadre__isnull", False), ("township__isnull", True)),
                            models.Q(("cadre__isnull", True), ("township__isnull", False)),
                            _connector="OR",
                        ),
                        name="kept_indicator_cadre_or_township",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cadre__isnull", False)),
                        fields=("round", "cadre", "indicator"),
                        name="kept_indicator_cadre_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("township__isnull", False)),
                        fields=("round", "township", "indicator"),
                        name="kept_indicator_township_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("research", "优秀调研成果"), ("proposal", "合理化建议")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("handed_in", "待受理"),
                            ("admitted", "已受理"),
                            ("refused", "不予受理"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="handed_in",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="题目")),
                ("abstract", models.TextField(max_length=500, verbose_name="摘要")),
                ("text", models.TextField(max_length=10000, verbose_name="正文")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="不予受理的理由")),
                ("submitted_at", models.DateTimeField(verbose_name="提名时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "issues",
                    models.ManyToManyField(blank=True, related_name="+", to="casework.issue", verbose_name="相关诉求"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nominations",
                        to="visits.evaluationround",
                        verbose_name="年评议",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提名人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="镇街",
                    ),
                ),
            ],
            options={
                "verbose_name": "评议提名",
                "verbose_name_plural": "评议提名",
                "ordering": ["kind", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="nomination_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("abstract", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                        ),
                        name="nomination_has_texts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), models.Q(("reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "refused"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="nomination_refused_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一等奖"), (2, "二等奖"), (3, "三等奖")], verbose_name="等次"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="证书编号")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                ("revoked_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销理由")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "nomination",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award",
                        to="visits.nomination",
                        verbose_name="提名",
                    ),
                ),
            ],
            options={
                "verbose_name": "评议奖项",
                "verbose_name_plural": "评议奖项",
                "ordering": ["level", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("level__in", [1, 2, 3])), name="award_level"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("revoked_at__isnull", True), ("revoked_by__isnull", True), ("revoked_reason", "")
                            ),
                            models.Q(
                                ("number__isnull", False),
                                ("revoked_at__isnull", False),
                                ("revoked_by__isnull", False),
                                models.Q(("revoked_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="award_revoked_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NominationAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authors",
                        to="visits.nomination",
                        verbose_name="提名",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作者",
                    ),
                ),
            ],
            options={
                "verbose_name": "提名作者",
                "verbose_name_plural": "提名作者",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("nomination", "user"), name="nomination_author_once"),
                    models.UniqueConstraint(fields=("nomination", "position"), name="nomination_author_position"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NominationFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.attachment",
                        verbose_name="附件",
                    ),
                ),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="visits.nomination",
                        verbose_name="提名",
                    ),
                ),
            ],
            options={
                "verbose_name": "提名附件",
                "verbose_name_plural": "提名附件",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField(verbose_name="指定时间")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewers",
                        to="visits.evaluationround",
                        verbose_name="年评议",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评审人",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审人",
                "verbose_name_plural": "评审人",
                "ordering": ["user__pinyin_key", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "user"), name="reviewer_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("comment", models.TextField(blank=True, max_length=500, verbose_name="评语")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="提交时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="visits.nomination",
                        verbose_name="提名",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="visits.reviewer",
                        verbose_name="评审人",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审",
                "verbose_name_plural": "评审",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("nomination", "reviewer"), name="review_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("author", "本人提名或撰写"),
                            ("unit", "同单位或同镇街"),
                            ("declared", "本人申请"),
                            ("staff", "组织决定"),
                        ],
                        max_length=8,
                        verbose_name="依据",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to="visits.nomination",
                        verbose_name="提名",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusals",
                        to="visits.reviewer",
                        verbose_name="评审人",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审回避",
                "verbose_name_plural": "评审回避",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("nomination", "reviewer"), name="recusal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ground__in", ["author", "unit"]), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="recusal_declared_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="得分")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.criterion",
                        verbose_name="标准",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="visits.review",
                        verbose_name="评审",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分",
                "verbose_name_plural": "评分",
                "ordering": ["criterion__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "criterion"), name="score_once"),
                    models.CheckConstraint(condition=models.Q(("points__gte", 0)), name="score_not_negative"),
                ],
            },
        ),
        migrations.RunSQL(GUARDED, GUARDED_OFF),
    ]
