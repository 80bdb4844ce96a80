"""Reports in the forms that people take away: workbooks, Word documents and single charts."""
