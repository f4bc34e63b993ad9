"""What people see: pure functions from an answer to messages, buttons and sentences.

``render`` and ``articles`` make pages of ``blocks``, within Telegram's limits and a phone's screen
(``measure``), ``keyboards`` the buttons; a ``Screen`` is both, in Telegram's HTML and as a rich
message. ``texts`` holds every sentence in the four languages.
"""
