"""What persists: the manifest (the truth), Chroma (vectors) and tantivy (words), kept in step."""
