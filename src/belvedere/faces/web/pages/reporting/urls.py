"""The addresses of reporting in the cockpit of a territory: `/cockpit/<territory>/reporting/…`.

Those under `answer/` are opened by the signed link of a message, without signing in.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.reporting import checklist, files, rounds, schedule, tables

app_name = "reporting"
urlpatterns: list[URLPattern] = [
    path("", rounds.rounds, name="rounds"),
    path("new/", rounds.new, name="new"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("tasks/<uuid:task_id>/", checklist.checklist, name="checklist"),
    path("tasks/<uuid:task_id>/confirm/", checklist.confirm, name="confirm"),
    path("tasks/<uuid:task_id>/lines/<uuid:line_id>/", checklist.correct, name="correct"),
    path("tasks/<uuid:task_id>/hand-in/", checklist.hand_in, name="hand_in"),
    path("tasks/<uuid:task_id>/reopen/", rounds.reopen, name="reopen"),
    path("answer/<str:token>/", checklist.answer, name="answer"),
    path("answer/<str:token>/confirm/", checklist.answer_confirm, name="answer_confirm"),
    path("answer/<str:token>/lines/<uuid:line_id>/", checklist.answer_correct, name="answer_correct"),
    path("answer/<str:token>/hand-in/", checklist.answer_hand_in, name="answer_hand_in"),
    path("<uuid:round_id>/", rounds.round_page, name="round"),
    path("<uuid:round_id>/remind/", rounds.remind_owners, name="remind"),
    path("<uuid:round_id>/close/", rounds.close, name="close"),
    path("<uuid:round_id>/tables/<slug:key>/", tables.table, name="table"),
    path("<uuid:round_id>/tables/<slug:key>.xlsx", files.xlsx, name="table_xlsx"),
    path("<uuid:round_id>/tables/<slug:key>.pdf", files.pdf, name="table_pdf"),
]
