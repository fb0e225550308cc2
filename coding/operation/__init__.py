"""What keeps Concord running: database roles, readiness, figures, back-up and restore."""
