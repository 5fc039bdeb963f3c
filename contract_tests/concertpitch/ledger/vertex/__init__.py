"""Where the sentences and facts of the documents of Vertex tuning stand."""
