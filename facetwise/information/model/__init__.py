"""The sentences, sources and situations that patient information is made of."""
