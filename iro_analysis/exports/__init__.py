"""Export as files: workbooks, Word reports, single charts, and internal lists of children."""
