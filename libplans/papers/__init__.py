"""Papers: tables as a paper takes them: CSV, XLSX, LaTeX, HTML."""
