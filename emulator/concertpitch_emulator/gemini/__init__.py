"""The Gemini API's `tunedModels`, permissions and models at v1beta and v1beta3, over one store."""
