"""``python -m iro_analysis`` is the ``iro`` command."""

import sys

from iro_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
