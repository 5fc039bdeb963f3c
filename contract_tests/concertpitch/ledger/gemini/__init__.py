"""What the documents of the Gemini API's tuning say, and where each sentence and fact stands."""
