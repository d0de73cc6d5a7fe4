"""People: users, teams, roles, sign-in."""
