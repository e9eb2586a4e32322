"""The year's evaluation (年评议): indicators with their working, results, certificates. What is nominated and scored is kept by `visits`."""
