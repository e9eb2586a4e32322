"""Notifications (消息): rows written with the step they tell of, sent on by mail and chat robots by whoever wants that."""
