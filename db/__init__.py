"""Everything the place knows, and the rules of its trade. No Qt."""
