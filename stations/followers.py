"""What of the stations goes along when an enterprise is merged into another."""

from stations.models import OutdoorEmployer
from unionportal.core.orgs.merging import Follower

FOLLOWERS = (Follower("户外用工", OutdoorEmployer, stays=True),)
