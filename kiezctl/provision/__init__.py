"""What an installation in containers is provided with at its first start, and again after an upgrade."""
