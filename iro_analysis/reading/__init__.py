"""Reading: the only part of the suite that opens a data file."""
