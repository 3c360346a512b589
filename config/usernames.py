"""What a new user may be called: an address that the site can serve, and nobody else's name."""

from accounts.reserved import username_validators
from provenance.naming.validators import not_a_protected_name
from registry.release.owners import not_a_former_owner

validators = [*username_validators, not_a_protected_name, not_a_former_owner]
