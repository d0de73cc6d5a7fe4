"""Tags of recovery’s templates."""
