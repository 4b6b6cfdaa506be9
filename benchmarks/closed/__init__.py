"""Whether Yes and No, where an answer begins with one, are right."""
