"""Ids that clients make, and fingerprints of what they sent."""

import hashlib
import json
from typing import Any


def payload_hash(payload: Any) -> str:
    """SHA-256 of a JSON-able payload, the same for the same content whatever the key order."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
