"""The system around the app: sleep, the task bar's progress, notifications.

Everything here is a courtesy. Where the system does not offer it, or fails, the work goes on and a
line in the log says so.
"""

from typing import Final

APP_ID: Final = "io.github.bimaco.BiMaCo"
APP_NAME: Final = "BiMaCo"
