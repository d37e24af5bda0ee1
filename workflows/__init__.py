"""Order and waiting: one file per durable thing."""
