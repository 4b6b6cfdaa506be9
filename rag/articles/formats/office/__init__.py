"""What word processors, slides and sheets write: Microsoft's formats, OpenDocument, Rich Text."""
