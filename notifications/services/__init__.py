"""Everything that changes channels, notifications and deliveries."""
