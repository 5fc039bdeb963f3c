"""One module per format: what upstream published becomes a `concertpitch_codegen.document.Document`."""
