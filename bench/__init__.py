"""Programs that measure. Each module's `run()` returns rows {name, value, unit, reference, ratio, aim}."""
