"""Settings that people change, globally or for one scope; the packages that use a setting register its definition."""
