"""Equipment brought in a spreadsheet: read, understood, judged row by row, taken."""
