"""Raw files as received: text cells with the file and the row they stand in."""
