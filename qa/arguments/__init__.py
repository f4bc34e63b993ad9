"""What each command takes.

Light modules that import no library, so that help and the first line on a terminal come at once.
What a command does with it is in ``qa.commands``.
"""
