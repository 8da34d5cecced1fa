"""Telegram: python-telegram-bot's Bot and types behind our own transport, intake and limits."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # time periods as timedelta: what the library makes the default next
