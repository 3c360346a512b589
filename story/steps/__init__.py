"""The steps of the story, in order: each has a title, a reason, and a `run`."""

from types import ModuleType

from story.steps import (
    a_protect,
    b_stranger,
    c_artists_yes,
    d_curate,
    d_review,
    e_train,
    f_release,
    g_download,
    h_withdraw,
)

STEPS: tuple[ModuleType, ...] = (
    a_protect,
    b_stranger,
    c_artists_yes,
    d_curate,
    d_review,
    e_train,
    f_release,
    g_download,
    h_withdraw,
)
