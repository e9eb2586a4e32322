"""What of casework goes along when an enterprise is merged into another."""

from casework.models import ActivityEnterprise, Issue, Paper, PublicCode
from casework.services.correct import issue_retie
from unionportal.core.orgs.merging import Follower

FOLLOWERS = (
    Follower("问题诉求", Issue, take=issue_retie),
    Follower("一函两书", Paper),
    Follower("维权码", PublicCode),
    Follower("受邀的服务活动", ActivityEnterprise, stays=True),
)
