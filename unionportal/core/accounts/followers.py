"""What of accounts goes along when an enterprise is merged into another."""

from unionportal.core.accounts.models import Posting
from unionportal.core.orgs.merging import Follower

FOLLOWERS = (Follower("驻联分工", Posting),)
