"""BiMaCo: one-step photo super-resolution with 1-bit weights, on the desktop."""

__version__ = "0.1.0"
