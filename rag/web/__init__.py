"""What stands between the network and the page: ASGI middleware that knows no gradio.

May import the settings and the errors. `app.py` puts it in front of everything.
"""
