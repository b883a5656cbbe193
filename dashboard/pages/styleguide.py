"""Every component in every state, for whoever builds a page; served only where DEBUG is on."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.access import everyone

_STATES = ("succeeded", "doubtful", "running", "queued", "failed", "canceled")


class _Sample(forms.Form):
    name = forms.CharField(label="Key name", help_text="Only your team sees it.", initial="Shop backend")
    email = forms.EmailField(label="E-mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    format = forms.ChoiceField(choices=[("jpg", "JPEG"), ("png", "PNG"), ("webp", "WebP")], required=False)
    width = forms.IntegerField(label="Width", help_text="1 to 10,000 pixels.", max_value=10_000, required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    edges = forms.ChoiceField(
        label="Edges", choices=[("fast", "Fast"), ("fine", "Fine")], widget=forms.RadioSelect, required=False
    )
    keep = forms.BooleanField(label="Keep the metadata", help_text="Camera, place and time.", required=False)


@everyone
def styleguide(request: HttpRequest) -> HttpResponse:
    bad = _Sample({"name": "", "email": "anna@example", "width": "20000", "edges": "fast"})
    bad.add_error(None, "The key was not made. Mend the fields below and send the form again.")
    now = timezone.now()
    context = {
        "form": _Sample(),
        "bad": bad,
        "states": _STATES,
        "film": [
            {"name": f"IMG_{4810 + number}.jpg", "state": _STATES[number % 6], "progress": 13 * number % 100}
            for number in range(14)
        ],
        "rows": [
            {"name": "espresso-cup-red.jpg", "state": "succeeded", "ms": 1840, "at": now - timedelta(seconds=3)},
            {
                "name": "a very long file name that a phone made up 2026-11-20T14.03.22.918 (edited) copy 2.heic",
                "state": "running",
                "ms": None,
                "at": now - timedelta(minutes=4),
            },
            {"name": "ring.png", "state": "failed", "ms": 312, "at": now - timedelta(hours=7)},
            {"name": "bottle-02.tif", "state": "canceled", "ms": 125_000, "at": now - timedelta(days=3)},
        ],
        "steps": [
            {"name": "decode", "ms": 42, "start": 0},
            {"name": "segment", "ms": 1310, "start": 42},
            {"name": "refine", "ms": 260, "start": 1352},
            {"name": "compose", "ms": 88, "start": 1612},
            {"name": "encode", "ms": 140, "start": 1700},
        ],
        "marks": ("amazon", "shopify", "woocommerce", "ebay", "etsy", "walmart", "google", "own"),
    }
    return render(request, "pages/styleguide.html", context)
