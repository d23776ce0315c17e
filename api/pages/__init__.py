"""Pages for people: a document in its text, the list of documents, and what to say when there is none."""
