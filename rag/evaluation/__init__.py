"""Fixed questions -> figures, reasons, reports, gates. Start with `command`.

Keep this file free of imports.
"""
