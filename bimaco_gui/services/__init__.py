"""What the window and the command line both do: jobs, their queue, names, settings, the worker.

No module here imports torch when it is imported, and only ``worker`` imports Qt.
"""
