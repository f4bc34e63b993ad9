"""The Telegram bot: a thin rim around ``qa.service``."""
