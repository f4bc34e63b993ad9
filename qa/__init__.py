"""From a question to quotes: understand, retrieve, rank, quote, cite."""
