"""E-mail: who wrote to whom and when, and what; attached messages, too, but no other attachments."""
