"""Measuring: the ops, the networks and whole pictures, side by side with what they replace."""
