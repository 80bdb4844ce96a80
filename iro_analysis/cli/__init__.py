"""The ``iro`` command: arguments, exit codes and what is printed. Everything else lies below."""

from iro_analysis.cli.command import main

__all__ = ["main"]
