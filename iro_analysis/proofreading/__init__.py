"""Proof-reading of printed figures: against each other, the authority's data and DfE's tables.

``documents`` reads a file into figures with their places; ``checks`` looks for what cannot be so;
``page`` writes what was found, with the sentence to print instead.
"""
