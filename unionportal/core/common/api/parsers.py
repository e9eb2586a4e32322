from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework import parsers


class JSONParser(parsers.JSONParser):
    """JSON up to DATA_UPLOAD_MAX_MEMORY_SIZE: the framework's own reads past Django's limit until memory ends."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return super().parse(BytesIO(getattr(stream, "body", None) or stream.read()), media_type, parser_context)
