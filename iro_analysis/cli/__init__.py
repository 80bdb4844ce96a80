"""The ``iro`` command: arguments, exit codes and what is printed. No rule of counting is here."""

from iro_analysis.cli.command import main

__all__ = ["main"]
