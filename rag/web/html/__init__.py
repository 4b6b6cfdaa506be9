"""Answers and articles as HTML for the page. Knows no gradio, opens nothing, decides nothing.

The HTML stands in `templates/`, a file for each module here, which prepares what its macros are
given. All that they print is escaped, so that no question, model or article makes an element.
"""
