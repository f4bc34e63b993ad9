"""What a retriever needs of an opened archive, whatever keeps it.

``protocol`` says it: dense hits, passages by the words they hold, token lists, cards and texts, with
``index.parts.filters.Wanted`` as the one language of filters. ``local`` answers from the files of a
generation. ``registry`` names the engines there are.
"""
