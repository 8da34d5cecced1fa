"""Learning from questions: what nobody could answer is grouped, decided on, taught to the content and replayed."""
