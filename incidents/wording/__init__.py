"""Blameless wording: which phrases of a text judge people where they could describe a system. No models, no clock."""
