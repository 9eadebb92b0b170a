"""Reader: the page on which two plans are read side by side."""
