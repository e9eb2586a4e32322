"""Writes to jobs: asking, confirming, cancelling, fetching by people; running and sweeping by workers."""

from unionportal.core.jobs.services.asking import export_ask, export_ask_again, import_ask, import_confirm, job_cancel
from unionportal.core.jobs.services.fetching import result_fetch

__all__ = ["export_ask", "export_ask_again", "import_ask", "import_confirm", "job_cancel", "result_fetch"]
