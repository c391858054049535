"""Quizzes: question types, drawing and marking (pure), and attempts."""
