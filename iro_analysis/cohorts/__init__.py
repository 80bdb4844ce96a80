"""Who is counted, on a day or in a period. Each counting rule has its one home here."""
