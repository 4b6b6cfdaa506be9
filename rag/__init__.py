"""Byline's steps, one file each. Start reading at `rag/pipeline.py`.

Kept free of imports: `vectorstore` imports `rag.schema`, so an eager package would be a cycle.
"""
