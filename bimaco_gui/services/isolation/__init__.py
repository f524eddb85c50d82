"""The engine in a process of its own, where a driver that crashes takes nothing else along.

It is used for graphics cards alone: their drivers run inside the process that computes. See
docs/isolation.md.
"""
