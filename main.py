"""Start the program from a checkout: ``python main.py`` is the command ``bimaco-gui``."""

import sys

from bimaco_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
