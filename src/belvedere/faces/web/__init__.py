"""The pages: shell, map, design system, and the pages of each domain."""
