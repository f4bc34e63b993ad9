"""Generations: each build of an index is a folder of its own, and one of them is current.

``folders`` names them and swaps them, ``manifest`` says what one was made from and with, ``lock``
lets one process write, ``opened`` holds one for questions, ``damage`` finds the file that is to
blame when reading fails.
"""
