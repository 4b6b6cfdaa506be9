"""Articles by the names of their fields: exports of programs, tables, reference lists."""
