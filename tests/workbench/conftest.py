from tests.dashboard.conftest import cases, history, today

__all__ = ["cases", "history", "today"]
