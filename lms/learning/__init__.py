"""Learning: enrolments, progress through lessons, completions. The learner's pages are in `lms.study`."""
