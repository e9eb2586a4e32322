"""Quarterly analyses: the figures of a place's quarter, how they stand on a page and in Word, and what is published of them."""
