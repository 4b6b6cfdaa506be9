"""The page's tabs and panels: what gradio shows and what its events do. `app.py` joins them."""
