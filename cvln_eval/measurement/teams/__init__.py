"""Whether the members of a team agree enough to speak of the team."""

__all__: list[str] = []
