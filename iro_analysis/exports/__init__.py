"""Export reports for use elsewhere: workbooks, Word documents and single charts."""
