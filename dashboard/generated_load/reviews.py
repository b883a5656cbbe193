"""Images that clients outside were asked about, with what they said."""

from __future__ import annotations

from dashboard.generated_load.insert import fill
from dashboard.generated_load.people import People
from dashboard.generated_load.sizes import Sizes
from dashboard.generated_load.work import person
from processing.models import ClientAnswer, ClientReview, ClientReviewImage

_REVIEWS, _IMAGES = 200, 30
# Jobs whose numbers end in 1 have made an image.
_LEAST_JOBS = 100
_IMAGE = "md5('client image' || n || '.' || i || '{salt}')::uuid"


def make_reviews(people: People, sizes: Sizes) -> None:
    if sizes.jobs < _LEAST_JOBS:
        return
    organization = f"'{people.owner.organization.pk}'::uuid"
    salt = str(people.owner.organization.pk)
    review, made = f"pg_temp.seven(pg_temp.ms(n, {_REVIEWS}), 'review' || n)", f"pg_temp.moment(n, {_REVIEWS})"
    job = f"(1 + 10 * ((n * {_IMAGES} + i) % {(sizes.jobs - 40) // 10}))"
    of_each = f"generate_series(1, {_REVIEWS}) AS n, generate_series(1, {_IMAGES}) AS i"
    fill(
        ClientReview,
        {"id": review, "organization_id": organization, "title": "'Collection ' || n",
         "digest": f"md5('review' || n || '{salt}') || md5('review2' || n || '{salt}')",
         "created_by_id": person(people), "link_by_id": person(people), "created_at": made,
         "expires_at": f"{made} + interval '14 days'",
         "opened_at": made},
        f"generate_series(1, {_REVIEWS}) AS n",
    )  # fmt: skip
    fill(
        ClientReviewImage,
        {"id": _IMAGE.format(salt=salt), "organization_id": organization, "review_id": review,
         "asset_id": f"pg_temp.seven(pg_temp.ms({job}, {sizes.jobs}) + 4000, 'output' || {job} || '.0')",
         "name": f"'IMG_' || {job} || '_0.jpg'", "position": "i",
         "answer": "(ARRAY['approved', 'approved', 'refused', ''])[1 + i % 4]", "answered_by": "'Client'",
         "answered_at": f"CASE WHEN i % 4 < 3 THEN {made} END"},
        of_each,
    )  # fmt: skip
    fill(
        ClientAnswer,
        {"organization_id": organization, "image_id": _IMAGE.format(salt=salt), "created_at": made,
         "verdict": "(ARRAY['approved', 'approved', 'refused'])[1 + i % 4]", "comment": "'Seen.'", "name": "'Client'"},
        f"{of_each} WHERE i % 4 < 3",
    )  # fmt: skip
