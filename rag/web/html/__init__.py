"""Answers and articles as HTML for the page. Knows no gradio, opens nothing, decides nothing.

Everything that comes from a question, a model or an article goes through `parts.escaped` (or
`html.escape` where line breaks matter), so that no such text can become an element.

What goes into the chat passes a Markdown renderer first. It leaves a block of HTML alone up to the
next blank line, so a message is one line that begins with `<div`: nothing in it is Markdown.
Links carry a target, `#cite-TURN-NUMBER`, `#hit-TURN-RANK`, `#article-ID` or
`#words-ID-START-END`, that the page turns into `reader.source(...)`.
"""
