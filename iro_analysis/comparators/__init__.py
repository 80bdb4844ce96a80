"""Published figures: populations to divide by, and other areas to compare with.

``populations`` and ``lookup`` answer from the data in the package; ``files``, ``layouts`` and
``publications`` read DfE's open data files as downloaded, with their symbols, vintages and quirks.
"""
