"""What people see: pure functions from an answer to messages, buttons and sentences.

``render`` makes Telegram's HTML within its limits, ``keyboards`` the buttons, ``texts`` holds
every sentence in the four languages.
"""
