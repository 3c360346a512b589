"""Who signs in, roles, access tokens and access helpers."""
