"""``python -m iro_analysis`` is the ``iro`` command."""

import sys

from iro_analysis.cli import main

sys.exit(main())
