"""What of hardship goes along when an enterprise is merged into another."""

from hardship.models import Lead
from unionportal.core.orgs.merging import Follower

FOLLOWERS = (Follower("困难线索", Lead),)
