"""What the page offers to ask: before the first question, and below an answer."""
