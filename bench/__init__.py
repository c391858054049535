"""Programs that measure. Each module's `run()` returns rows {name, value, unit, reference, ratio, aim}.

Those that need a nation (`rebuild`, `updates`, `dashboards`, `dry_run`, `year_close`) build one of BENCH_PEOPLE people:
60,000 unless told, 600,000 for the whole. `python -m bench.nation` builds one to look at.
"""
