"""Who made the work, who holds the rights, and who handed the copy on."""
