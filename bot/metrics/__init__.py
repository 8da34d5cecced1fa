"""Completed quizzes as the province's figures: counted once, recomputable, with their sources and limits."""
