"""From a text to a vector.

``protocol`` says what an encoder is. ``token_table`` is the model that comes with the package,
read without torch, with a tokenizer of its own; ``transformer`` is any model of
sentence-transformers; ``cached`` remembers what a slow one has encoded. ``models`` is the pair
that an index needs: an encoder for vectors, and the token table for late interaction.
"""
