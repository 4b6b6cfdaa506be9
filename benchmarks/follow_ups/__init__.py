"""Follow-up questions, and whether they are made to stand alone as a person would."""
