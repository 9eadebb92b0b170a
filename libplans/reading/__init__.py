"""Reading: from the bytes of a document to its text, its outline and its sentences, with what was taken out."""
