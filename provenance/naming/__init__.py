"""May this text use this person's name?"""
