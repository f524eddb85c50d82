"""``python -m bimaco_gui`` is the command ``bimaco-gui``."""

import sys

from bimaco_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
