"""A station's code in addresses, so that /stations/new/ is never taken for one."""


class StationCode:
    """Path converter: YZ-00001."""

    regex = r"YZ-\d{5,10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
