"""What reads and writes lines, rows and workbooks, for encounters, rule files and reference files alike."""
