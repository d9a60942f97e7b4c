"""How a person is reached: their own page, beside their account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.reach import public as reach
from belvedere.domains.reach.public import Way
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.access.acting import signed_in
from belvedere.faces.web.pages.reach import words
from belvedere.faces.web.pages.reach.forms import CodeForm, PhoneForm, WishesForm, typed_wishes
from belvedere.kernel.errors import BelvedereError

NOT_SHOWN = (403, 404)


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The number, by what one is reached, quiet hours; POST keeps the last two."""
    actor = signed_in(request)
    if request.method == "GET":
        return _page(request)
    form = WishesForm(request.POST)
    if form.is_valid():
        try:
            reach.save_wishes(actor=actor, given=form.given())
        except BelvedereError as error:
            if error.status in NOT_SHOWN:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("How you are reached is saved."))
            return redirect("reach:mine")
    return _page(request, wishes=form)


def _page(
    request: HttpRequest,
    *,
    wishes: WishesForm | None = None,
    phone: PhoneForm | None = None,
    code: CodeForm | None = None,
) -> HttpResponse:
    actor = signed_in(request)
    view = reach.my_wishes(actor)
    can = reach.ways_for(actor)
    context = {
        "view": view,
        "title": words.reached(view),
        "browsers": [(one, words.browser(one)) for one in reach.my_browsers(actor)],
        "push_key": reach.server_key(),
        "can": words.ways([one for one in (Way.SMS, Way.VOICE) if one in can]),
        "wishes": wishes or WishesForm(initial=typed_wishes(view)),
        "phone": phone or PhoneForm(initial={"phone": view.phone}),
        "code": code or CodeForm(),
    }
    is_wrong = any(one is not None and one.errors for one in (wishes, phone, code))
    return render(request, "reach/mine.html", context, status=422 if is_wrong else 200)


@require_POST
def phone(request: HttpRequest) -> HttpResponse:
    """Keep one's number."""
    actor = signed_in(request)
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            reach.give_phone(actor=actor, phone=form.cleaned_data["phone"])
        except BelvedereError as error:
            if error.status in NOT_SHOWN:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("Your number is saved."))
            return redirect("reach:mine")
    return _page(request, phone=form)


@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Have a code sent to one's number."""
    actor = signed_in(request)
    try:
        outcome = reach.send_code(
            actor=actor,
            text=lambda code: (
                gettext("Your code for Belvédère: %(code)s. It counts for ten minutes.") % {"code": code}
            ),
        )
    except BelvedereError as error:
        if error.status in NOT_SHOWN:
            raise
        messages.warning(request, sentence(error))
    else:
        if outcome.taken:
            messages.success(request, gettext("A code is on its way to your telephone."))
        else:
            messages.warning(request, words.outcome(outcome))
    return redirect("reach:mine")


@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Take the code that came."""
    actor = signed_in(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            reach.prove_phone(actor=actor, code=form.cleaned_data["code"])
        except BelvedereError as error:
            if error.status in NOT_SHOWN:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("Your number is proved: alarms can reach it."))
            return redirect("reach:mine")
    return _page(request, code=form)
