"""Learning as pure functions: drawing and grading quizzes, reviews, the placement test, quiet hours."""
