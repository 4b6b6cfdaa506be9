"""Pages as they are printed: PDF, scans and pictures of text."""
