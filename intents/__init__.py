"""Vietnamese intent matching: words in, a calibrated decision out. Knows no bot, no storage, no channel.

matcher = Matcher.build([Topic("cutru.tam_tru", ("đăng ký tạm trú", "ở trọ phải khai báo gì")), …])
matcher.match("o tro thi dk tam tru sao")  # → Decision(kind="answer", …)
"""

from intents.matcher import Candidate, Decision, Explanation, Matcher
from intents.topics import Topic

__all__ = ["Candidate", "Decision", "Explanation", "Matcher", "Topic"]
