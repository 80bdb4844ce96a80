"""DfE's own open data files: read as downloaded, with their symbols, vintages and quirks.

``files`` finds and reads them, ``cells`` gives them one shape, ``lookup`` answers what DfE
published for a measure, area and year, and in which release.
"""
