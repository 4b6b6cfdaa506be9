"""Notes that sources give different figures: printed, to be judged by hand."""
