"""People, the roles they hold on units, and which townships and enterprises they are posted to (分片包干)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.crypto import salted_hmac

from unionportal.core.accounts.querysets import (
    PostingQuerySet,
    SavedViewQuerySet,
    SubstitutionQuerySet,
    UserQuerySet,
)
from unionportal.core.common.scope import Role as RoleCode
from unionportal.core.common.search import pinyin_key
from unionportal.core.orgs.models import Enterprise, Unit


class User(AbstractBaseUser):
    """Somebody who can sign in. Rights come only from role grants and postings, never from flags here."""

    username = models.CharField("用户名", max_length=30, unique=True)
    display_name = models.CharField("姓名", max_length=30)
    phone = models.CharField("手机", max_length=20, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_is_shared = models.BooleanField("密码由初始化统一给出", default=False, editable=False)
    hinted_roles = ArrayField(models.CharField(max_length=12), default=list, blank=True, editable=False)
    pinyin_key = models.CharField("拼音", max_length=200, editable=False)
    sign_in_epoch = models.PositiveIntegerField("登录批次", default=1, editable=False)
    version = models.PositiveIntegerField("版本", default=1)

    #: Read along by `backends` where a session tells who it is: "role unit" each, and a bounded number.
    held_grants: list[str] | None = None
    unread: int | None = None

    objects = BaseUserManager.from_queryset(UserQuerySet)()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(username__regex=r"^[a-z][a-z0-9_.]{2,29}$"), name="user_username_shape")
        ]

        indexes = [models.Index(fields=["pinyin_key", "id"])]

    def save(self, *args, **kwargs) -> None:
        self.pinyin_key = pinyin_key(self.display_name)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Ties every session to the password and the sign-in epoch: raising the epoch ends all sessions, on every server, at their next request."""
        key_salt = "unionportal.core.accounts.User.session"
        return salted_hmac(
            key_salt, f"{self.password}:{self.sign_in_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleGrant(models.Model):
    """A role a person holds on a unit; several a person."""

    class Role(models.TextChoices):
        SYSADMIN = RoleCode.SYSADMIN, "系统管理员"
        SECURITY = RoleCode.SECURITY, "安全管理员"
        AUDITOR = RoleCode.AUDITOR, "审计员"
        LEADER = RoleCode.LEADER, "区总领导"
        STAFF = RoleCode.STAFF, "区总工作人员"
        CADRE = RoleCode.CADRE, "驻联干部"
        TOWNSHIP = RoleCode.TOWNSHIP, "镇街工会"
        HANDLER = RoleCode.HANDLER, "承办单位"
        AID = RoleCode.AID, "帮扶专员"
        KEEPER = RoleCode.KEEPER, "站点管理员"

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=12, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name="单位")

    class Meta:
        verbose_name = verbose_name_plural = "角色授予"
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="grant_once"),
            # Three separated administrators: nobody holds two of the three.
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=["sysadmin", "security", "auditor"]), name="grant_one_admin_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.unit}）"


#: The inclusive day range of a posting, open where no end is known.
POSTING_PERIOD = Func("start_on", "end_on", Value("[]"), function="daterange", output_field=DateRangeField())


class Posting(models.Model):
    """A cadre answers for a township or for a single enterprise from a day to a day (inclusive; open end = until further notice)."""

    cadre = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name="驻联干部")
    township = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="镇街"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="postings", verbose_name="企业"
    )
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    @property
    def target(self) -> "Unit | Enterprise":
        """What the cadre answers for."""
        target = self.township or self.enterprise
        assert target is not None, "the constraint posting_one_target"
        return target

    def state_on(self, day: date) -> str:
        """ "ahead", "current" or "past", as seen on a day."""
        if self.start_on > day:
            return "ahead"
        return "past" if self.end_on is not None and self.end_on < day else "current"

    class Meta:
        verbose_name = verbose_name_plural = "驻联分工"
        ordering = ["-start_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(township__isnull=False, enterprise__isnull=True)
                | Q(township__isnull=True, enterprise__isnull=False),
                name="posting_one_target",
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="posting_ends_after_start"
            ),
            ExclusionConstraint(
                name="posting_enterprise_no_overlap",
                expressions=[
                    ("enterprise", RangeOperators.EQUAL),
                    (POSTING_PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(enterprise__isnull=False),
            ),
            ExclusionConstraint(
                name="posting_cadre_township_no_overlap",
                expressions=[
                    ("cadre", RangeOperators.EQUAL),
                    ("township", RangeOperators.EQUAL),
                    (POSTING_PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(township__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-start_on", "-id"]), models.Index(fields=["township", "start_on"])]


class Substitution(models.Model):
    """A named cadre stands in for another (AB 岗) from a day to a day, both included: theirs are the other's postings meanwhile. It ends by itself."""

    class Reason(models.TextChoices):
        LEAVE = "leave", "请假"
        TRAINING = "training", "外出学习"
        DUTY = "duty", "抽调其他工作"
        OTHER = "other", "其他"

    cadre = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name="本岗")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="stand_ins", verbose_name="代岗人")
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期")
    reason = models.CharField("原因", max_length=10, choices=Reason)

    objects = SubstitutionQuerySet.as_manager()

    def state_on(self, day: date) -> str:
        """ "ahead", "current" or "past", as seen on a day."""
        if self.start_on > day:
            return "ahead"
        return "past" if self.end_on < day else "current"

    class Meta:
        verbose_name = verbose_name_plural = "代岗"
        ordering = ["-start_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(cadre=F("substitute")), name="substitution_not_oneself"),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="substitution_ends_after_start"),
            ExclusionConstraint(
                name="substitution_no_overlap",
                expressions=[("cadre", RangeOperators.EQUAL), (POSTING_PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            models.Index(fields=["-start_on", "-id"], name="substitution_newest"),
            models.Index(fields=["substitute", "start_on"], name="substitution_of"),
        ]


class ApiToken(models.Model):
    """A bearer token for scripts; only its SHA-256 is kept, so a stolen database opens nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name="用户")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"


class SavedView(models.Model):
    """A filter of a list that a person keeps under a name (视图). It stands with people, not with one app's rows, so that every list can have it."""

    NAME_LENGTH, QUERY_LENGTH = 30, 500

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name="所有人")
    list_key = models.CharField("列表", max_length=20)  # of saved_views.LISTS
    name = models.CharField("名称", max_length=NAME_LENGTH)
    query = models.CharField(
        "条件", max_length=500
    )  # as in the list's address; what of it means nothing any more is passed over
    is_default = models.BooleanField("默认", default=False)
    is_shared = models.BooleanField("共享", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "视图"
        ordering = ["list_key", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["owner", "list_key"], condition=Q(is_default=True), name="view_one_default"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="view_has_name_and_query"),
        ]
        indexes = [models.Index(fields=["list_key"], condition=Q(is_shared=True), name="view_shared")]

    def __str__(self) -> str:
        return self.name
