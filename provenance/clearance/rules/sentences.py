"""The sentences of every finding: why it is there, and what can be done about it.

They say "no permission on record", never "infringes", and are written for people who are no
lawyers. Each code has one explanation and one remedy; `{braces}` are filled from the reason.
"""

from __future__ import annotations

from collections import defaultdict

SENTENCES: dict[str, tuple[str, str]] = {
    "empty_set": (
        "There is no picture in this set, so there is nothing that could be cleared.",
        "Add pictures to the set.",
    ),
    "rights_holder_unknown": (
        "Nobody has said who holds the rights in “{work}”.",
        "State the work, its creator and its rights-holder, with evidence; or take it out.",
    ),
    "licence_missing": (
        "There is no permission on record for “{work}”: no licence, and no grant of {missing}.",
        "Ask {missing} for permission, or take the picture out.",
    ),
    "licence_forbids_use": (
        "The licence {licence} of “{work}” does not permit this use.",
        "Ask {missing} for a grant of their own, change the use, or take the picture out.",
    ),
    "licence_silent": (
        "The licence {licence} of “{work}” does not speak of training; a reviewer decides.",
        "A reviewer may clear it with a reason; a grant of the rights-holder settles it.",
    ),
    "grant_missing": (
        "“{work}” is offered under a licence, but not by {missing}, who holds the rights.",
        "Ask {missing} for permission, or take the picture out.",
    ),
    "grant_scope": (
        "{missing} gave a permission for “{work}”, but not for all of this use ({actions}).",
        "Ask {missing} to widen the permission, or ask for less.",
    ),
    "grant_expired": (
        "The permission of {missing} for “{work}” has ended.",
        "Ask {missing} to renew it, or take the picture out.",
    ),
    "grant_revoked": (
        "{missing} has withdrawn the permission for “{work}”.",
        "Take the picture out; only {missing} can permit it again.",
    ),
    "grant_used_up": (
        "{missing} permitted so many models with “{work}”, and they have all been made.",
        "Ask {missing} for another model, or take the picture out.",
    ),
    "evidence_insufficient": (
        "{missing} is said to permit this for “{work}”, but it is not known well enough who spoke "
        "for them to allow: {actions}.",
        "Have {missing} confirm it themselves, through an address or a document that is theirs. "
        "A reviewer cannot clear this without new evidence.",
    ),
    "territory_uncovered": (
        "There is no permission of {missing} on record for “{work}” in: {place}.",
        "Ask {missing} for these territories too, or ask for fewer.",
    ),
    "title_gap": (
        "“{work}” is said to have gone from {grantor} to {party}, but how {grantor} came to hold "
        "the rights ({place}) is not on record.",
        "Add the missing link: how {grantor} got the rights, with evidence; or correct the chain.",
    ),
    "title_conflict": (
        "{grantor} is said to have given the same rights in “{work}” to {other} and to {party}.",
        "A reviewer has to see both contracts; correct the link that is wrong, or ask both.",
    ),
    "title_silent_on_training": (
        "The contract for “{work}” does not speak of this ({actions}), so nobody can tell whether "
        "{missing} alone may permit it.",
        "Ask both sides of the contract, {missing} among them; or add a later document that "
        "settles it.",
    ),
    "disputed": (
        "Two parties claim “{work}”, and it has not been decided whose it is.",
        "Leave it out until a reviewer has resolved the dispute.",
    ),
    "status_weak": (
        "“{work}” is said to be in the public domain, but nobody has checked the evidence for it.",
        "Add a document that shows why, and in which countries; a reviewer checks it.",
    ),
    "underlying_holder_missing": (
        "“{work}” shows {layer}, “{shown}”, which has rights of its own, and there is no "
        "permission of {missing} on record for that.",
        "Ask {missing} as well, or take the picture out.",
    ),
    "underlying_unsure": (
        "“{work}” may show {layer} that somebody else holds rights in.",
        "Say what it shows and whose it is, or that it shows none; a reviewer decides.",
    ),
    "likeness_release_missing": (
        "“{work}” shows somebody who can be recognised, and there is no permission of {party} on "
        "record for the use of their likeness.",
        "Ask them: only the person shown can permit it, not who made or holds the picture.",
    ),
    "likeness_weak": (
        "{party} is said to permit the use of their likeness in “{work}”, but nobody has checked "
        "the evidence for it.",
        "Add the signed release; a reviewer checks it.",
    ),
    "minor_shown": (
        "“{work}” shows a minor, and there is no permission of a guardian on record.",
        "Ask a parent or guardian, with evidence that they are; or take the picture out.",
    ),
    "persons_undeclared": (
        "Nobody has said whether people can be recognised in this picture.",
        "Say whether it shows nobody, a crowd, or people who can be recognised.",
    ),
    "reservation_address": (
        "{party} has forbidden training on what lies at {url}, where this picture came from.",
        "Take the picture out, or ask the rights-holder for a grant that names this work.",
    ),
    "reservation_embedded": (
        "The file itself forbids training. {source} says: “{quote}”.",
        "Take the picture out, or ask the rights-holder for a grant that names this work.",
    ),
    "reservation_conditional": (
        "The file permits training only under conditions. {source} says: “{quote}”.",
        "Meet the conditions and show it with evidence, or ask the rights-holder for a grant; a "
        "reviewer decides.",
    ),
    "metadata_unreadable": (
        "What this file says about itself could not be read ({source}), so it may forbid training.",
        "Upload the file as it was published, undamaged; or a reviewer looks at it.",
    ),
    "metadata_contradicts": (
        "The file itself names {what}; here is stated: {stated}.",
        "Correct what is stated, or explain it: a reviewer decides.",
    ),
    "licence_incompatible": (
        "No licence fits a model made of both: “{one}” asks that the model stand under it, and "
        "“{other}” does not allow that.",
        "Leave the pictures of one of them out, or ask their holders for a grant.",
    ),
    "co_holder_missing": (
        "Several parties hold the rights in “{work}”, and {missing} gave no permission. "
        "This registry asks all of them.",
        "Ask {missing} as well, or take the picture out.",
    ),
    "creator_is_not_holder": (
        "{creators} made “{work}” and said yes, but the rights are held by {missing}.",
        "Ask {missing}: a creator's yes is not a rights-holder's yes.",
    ),
    "reservation_registered": (
        "{party} has forbidden training on “{work}”.",
        "Take the picture out, or ask {party} for a grant that names this work.",
    ),
    "creator_objects": (
        "{party}, who made “{work}”, does not want it trained on. The rights-holder permits it.",
        "A reviewer decides; out of respect, consider leaving it out.",
    ),
    "match_protected": (
        "This picture shows “{work}”, a protected work of {missing}, and there is no permission "
        "on record for it. {how}",
        "Ask {missing} for permission, or take the picture out.",
    ),
    "match_possible": (
        "This picture may show “{work}”, which somebody protected (evidence: {level}). {how}",
        "A reviewer looks at both; evidence of your rights in the picture helps.",
    ),
    "match_listed": (
        "This picture resembles {listed}. {how}",
        "A reviewer looks at both, and says whether it matters here. Where the list blocks, take "
        "the picture out, or have the list corrected.",
    ),
    "match_unavailable": (
        "This picture has not been compared with all the protected works there are now.",
        "Wait a moment and ask again; if it stays so, tell the operator.",
    ),
    "low_information_image": (
        "This picture is too flat or too simple to compare with protected works.",
        "A reviewer looks at it; a picture with more detail, or none here, avoids the question.",
    ),
    "evidence_weak": (
        "A permission for “{work}” is on record, but nobody has checked the evidence for it.",
        "Add a document that shows who permitted it and why they may; a reviewer checks it.",
    ),
    "synthetic_source": (
        "“{work}” was made by a generator, whose own training data is not on record here.",
        "A reviewer decides; say which generator made it.",
    ),
    "custody_incomplete": (
        "It is not on record who collected this copy and where it came from.",
        "Add the collector and the source address.",
    ),
    "duplicate_in_set": (
        "This picture looks the same as {other} in this set.",
        "Keep one of them, or the model will lean towards it.",
    ),
    "base_uncleared": (
        "The base model {base} is {state}: not everything it was trained on is licensed.",
        "A reviewer decides, and the card will say it; or choose a cleared base.",
    ),
    "name_protected": (
        "The {place} contains “{text}”, the name of {party}, who has not permitted it here.",
        "Choose a neutral name, or ask {party} for a naming consent of their own.",
    ),
    "name_consent_missing": (
        "{party} permits the use of the name, but not as “{text}” in the {place}.",
        "Use exactly a permitted form, or choose a neutral name.",
    ),
    "name_unregistered": (
        "The {place} contains “{text}”, which looks like a person's name that is not on record.",
        "Choose a neutral name; a reviewer may clear it if it is nobody's.",
    ),
}

ACTIONS = {
    "train": "train a model on it",
    "distribute-weights": "give the model to others",
    "commercial-outputs": "use what it makes commercially",
    "further-train": "fine-tune or merge the model further",
    "host-as-service": "run it as a service",
    "display": "show the picture on a card or page",
    "use-name": "use the name",
    "use-likeness": "use the likeness",
}
"""Actions by their codes, as somebody else than the one who permits them says them."""
LEVELS = {
    "SELF_DECLARED": "self-declared, which nobody has checked",
    "CONTACT_CONFIRMED": "contact confirmed",
    "DOCUMENT_CHECKED": "document checked",
    "SIGNED": "signed or verified",
}


def sentences(code: str, words: dict[str, str]) -> tuple[str, str]:
    """The explanation and the remedy of `code`; a missing word reads as "somebody"."""
    filled = defaultdict(lambda: "somebody", {"how": ""} | {k: v for k, v in words.items() if v})
    asked = filled["actions"].split(", ")
    filled["actions"] = ", ".join(ACTIONS.get(action, action) for action in asked)
    filled["level"] = LEVELS.get(filled["level"], filled["level"])
    explanation, remedy = SENTENCES[code]
    return explanation.format_map(filled).strip(), remedy.format_map(filled).strip()
