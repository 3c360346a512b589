"""The card's sections, each a list of Markdown lines derived from the facts."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from registry.cards.rules.attribution import BY_GRANT
from registry.cards.rules.facts import BaseState
from registry.cards.rules.licence import LICENCES
from registry.cards.rules.text import code, counted, markdown, plain, quoted

if TYPE_CHECKING:
    from registry.cards.rules.facts import CardFacts

BASE_STATES = {
    BaseState.CLEARED: "permissions for what it was trained on are on record",
    BaseState.UNCLEARED: (
        "it was trained on material that nobody is on record as having permitted, and the "
        "permissions below do not change that"
    ),
    BaseState.UNKNOWN: "nobody has told what it was trained on, so take it for uncleared",
}
SAMPLE_SUFFIX = ".png"
DECLARED = (
    "Characters, faces and other people's works that a picture may show are what its uploader "
    "declared. They are declared, not detected."
)


def summary(facts: CardFacts) -> list[str]:
    """The first lines: what a reader must know before anything else."""
    state = facts.base.state
    return [
        f"# {markdown(facts.model)}",
        "",
        f"> **Base model: {state.value}.** {_sentence(BASE_STATES[state])}",
        ">",
        f"> **Weakest evidence behind any permission: {facts.weakest_evidence.words}.**",
        "",
        (
            f"A text-to-image model: {markdown(facts.base.name)}, fine-tuned with DreamBooth on "
            f"{counted(facts.pictures, 'picture')} of {counted(len(facts.works), 'work')}, each "
            f"with a licence or permission on record. Prompt it with {code(facts.instance_prompt)}."
        ),
        "",
    ]


def samples(facts: CardFacts) -> list[str]:
    """The sample pictures that lie beside the card; any other path is left out."""
    shown: dict[str, list[str]] = {}
    for path, prompt in facts.samples:
        name = path.removeprefix("samples/").removesuffix(SAMPLE_SUFFIX)
        if path == f"samples/{name}{SAMPLE_SUFFIX}" and name.replace("-", "").isalnum():
            picture = f"![Sample for the prompt: {markdown(prompt)}](<{path}>)"
            shown.setdefault(prompt, []).append(picture)
    lines = [
        line for prompt, found in shown.items() for line in (f"{code(prompt)}:", "", *found, "")
    ]
    made_for = facts.base.intended_use
    said = (
        [f"What the base is for, as its record says: {markdown(made_for, 2000)}", ""]
        if made_for
        else []
    )
    return ["## Samples", "", *said, *lines] if lines else []


def making(facts: CardFacts) -> list[str]:
    """Base, run and manifest: all that decided what the weights are."""
    run = facts.run
    prior = f"{counted(run.class_pictures, 'class picture')} made by the base"
    return [
        "## How it was made",
        "",
        f"- Base: {markdown(facts.base.name)}, sha256 {code(facts.base.sha256)}",
        (
            f"- Trained {plain(run.trained_at)}: {run.steps} steps at batch {run.batch_size}, "
            f"learning rate {run.learning_rate:g}, {run.resolution} pixels a side, "
            f"seed {run.seed}"
        ),
        (
            f"- Token {code(facts.token)}, instance prompt {code(facts.instance_prompt)}, class "
            f"prompt {code(facts.class_prompt)}"
        ),
        f"- Captions: {_captions(facts)}",
        f"- Prior preservation: {prior if run.class_pictures else 'none'}",
        (
            f"- Approved training manifest: sha256 {code(facts.manifest_sha256)}, in "
            "`provenance/manifest.json` and in the weights' metadata. A second person approved it; "
            "it is trained on no other pictures, prompts or token."
        ),
        "",
    ]


def _captions(facts: CardFacts) -> str:
    own = len(facts.captions)
    if not own:
        return "every picture is learnt by the instance prompt"
    others = "; the others by the instance prompt" if own < facts.pictures else ""
    return (
        f"{counted(own, 'picture')} by captions that the curator typed and the "
        f"registry searched for names{others}"
    )


def data(facts: CardFacts) -> list[str]:
    """Training data in figures, by what each work's use rests on."""
    pictures: Counter[str] = Counter()
    works: Counter[str] = Counter()
    for work in facts.works:
        basis = LICENCES[work.licence].name if work.licence else BY_GRANT
        pictures[basis] += work.pictures
        works[basis] += 1
    rows = [f"| {basis} | {works[basis]} | {pictures[basis]} |" for basis in sorted(works)]
    return [
        "## Training data",
        "",
        "| Used under | Works | Pictures |",
        "|---|---:|---:|",
        *rows,
        f"| All | {len(facts.works)} | {facts.pictures} |",
        "",
        "The pictures themselves are not part of this release. The manifest lists their digests.",
        "",
        DECLARED,
        "",
    ]


def naming(facts: CardFacts) -> list[str]:
    """What may not be said, without repeating the name of anybody who did not ask for it."""
    lines = [
        "## Names",
        "",
        (
            "No creator or rights-holder of its pictures is named as this model's maker, and none "
            "is said to endorse it. Do not present it, or what it makes, under a person's name or "
            "as being in a person's style, and use no person's name as a token."
        ),
        "",
    ]
    if facts.allowed_names:
        forms = ", ".join(code(form) for form in sorted(facts.allowed_names))
        lines += [f"Allowed by the person's own consent, in exactly these forms: {forms}.", ""]
    if facts.descriptors:
        forms = ", ".join(code(form) for form in sorted(facts.descriptors))
        lines += [f"{forms} describes a style, of somebody long dead. Nothing here is by them.", ""]
    return lines


def provenance(facts: CardFacts) -> list[str]:
    """The base model, told plainly."""
    terms = LICENCES[facts.base.licence]
    return [
        "## The base model's provenance",
        "",
        (
            f"{markdown(facts.base.name)} ([{terms.name}](<{terms.url}>)) is **"
            f"{facts.base.state.value}**: {BASE_STATES[facts.base.state]}. Its statement on record:"
        ),
        "",
        *quoted(facts.base.statement or "(none)"),
        "",
    ]


def purpose(facts: CardFacts) -> list[str]:
    """What it is for: the only free text on the card, marked as such."""
    lines = quoted(facts.curator_text.strip())
    if facts.curator_withheld:
        why = "The curator's own words are left out: they name somebody who has not consented."
        return ["## Purpose", "", why, ""]
    if not lines:
        return []
    said = "In the curator's own words, typed by hand; only names in them were looked for:"
    return ["## Purpose", "", said, "", *lines, ""]


def limits() -> list[str]:
    """What a permission and a small training set cannot promise."""
    return [
        "## Limits",
        "",
        (
            "Permissions are what their holders told this registry, with the evidence shown; "
            "this is no legal advice. A small set of pictures makes a narrow model, whose outputs "
            "may resemble them. No withdrawal makes a copy stop working on your machine."
        ),
        "",
    ]


def _use(facts: CardFacts, folder: str) -> list[str]:
    prompt = json.dumps(plain(facts.instance_prompt), ensure_ascii=False)
    return [
        "## Use it",
        "",
        "```python",
        "from diffusers import DiffusionPipeline",
        "",
        f'pipeline = DiffusionPipeline.from_pretrained("{folder}")  # downloaded as above',
        f'pipeline({prompt}).images[0].save("picture.png")',
        "```",
        "",
    ]


def contact(facts: CardFacts) -> list[str]:
    """Where to withdraw or complain, how to verify, how to cite."""
    at, page = facts.contacts, f"{facts.contacts.url}/{facts.model}"
    name = plain(facts.model).rsplit("/", 1)[-1]
    return [
        "## Withdraw a permission, or complain",
        "",
        (
            f"At {markdown(at.registry)}, <{page}>. A holder withdraws a grant by the link that "
            "came with it, or signed in; downloads are then refused at once, and those who "
            "downloaded are told. Whoever finds a work of theirs in it can, signed in, open a "
            "dispute about that work."
        ),
        "",
        "## Check this download",
        "",
        "```sh",
        f"export HF_ENDPOINT={at.url}",
        f"hf download {plain(facts.model)} --local-dir {name}",
        f"curl -O {at.url}/verify_release.py",
        f"python verify_release.py {name} --key {plain(at.signer)} --online {at.url}",
        f"model_signing verify key {name} --signature {name}/provenance/model.sig \\",
        f"  --public_key {name}/provenance/model-signing.pem",
        "```",
        "",
        (
            "`verify_release.py` is one file that needs Python and `cryptography`. Compare the key "
            f"with the registry's own, at <{at.url}/release_key.txt>: a card can be copied. With "
            "`--online` it also asks whether this revision was withdrawn since."
        ),
        "",
        (
            "Other programs read `provenance/` as well: the permissions (ODRL), where all came "
            "from (PROV-O), the training set (Croissant), the parts (CycloneDX), the ledger's "
            "receipt, and what the law of the EU and of California asks to be told. Samples carry "
            "Content Credentials; no authority issued their certificate, so that readers show "
            "them as valid, not as trusted."
        ),
        "",
        *_use(facts, name),
        "## Citation",
        "",
        "```text",
        f"{plain(facts.model)}. {plain(at.registry)}, {plain(facts.run.trained_at)[:10]}.",
        f"{page}",
        f"Training manifest sha256 {plain(facts.manifest_sha256)}.",
        "```",
        "",
    ]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
