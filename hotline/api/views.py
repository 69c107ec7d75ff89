"""The endpoints: who may, what is given, one service or query, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory import queries as directory
from hotline.api import given, once, shown
from hotline.api.tokens import person_of
from hotline.consultations import queries, services
from hotline.consultations.reading import MessageView, OutcomeView
from hotline.errors import NotYours
from hotline.queries import who_would_ring

KEY_NEEDED = OpenApiParameter(
    once.HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy(
        "A key of your own for this request, 1 to 80 characters. For seven days the same request with the same key is "
        "done once and gets the same answer."
    ),
)
REFERENCE = OpenApiParameter(
    "referentie", str, OpenApiParameter.PATH, description=gettext_lazy("Number of the question, such as PK-2481.")
)
KEY_ALLOWED = OpenApiParameter(
    once.HEADER,
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("As with a new question, but it may be left out."),
)


class AsksQuestions(BasePermission):
    """Only first-line workers ask; everybody with a token may look for what is his."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method != "POST" or directory.in_scope(person_of(request).pk, "worker")


class Endpoint(APIView):
    http_method_names = ["get", "head", "post"]


class Rechtsgebieden(Endpoint):
    @extend_schema(
        operation_id="rechtsgebieden",
        summary=gettext_lazy("Areas of law, in the order of the telephone menu"),
        responses=shown.Rechtsgebied(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(shown.Rechtsgebied(directory.set_up().areas, many=True).data)


class Regios(Endpoint):
    @extend_schema(
        operation_id="regios",
        summary=gettext_lazy("Regions, from the whole country to sub-regions"),
        responses=shown.Regio(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(shown.Regio(directory.set_up().regions, many=True).data)


class VanDienst(Endpoint):
    @extend_schema(
        operation_id="vanDienst",
        summary=gettext_lazy("Who is on duty, and whom a call would ring"),
        description=gettext_lazy(
            "What the router itself would do at that moment. Call the line; lawyers' own numbers are not given."
        ),
        parameters=[given.VanDienstGevraagd],
        responses=shown.VanDienst,
    )
    def get(self, request: Request) -> Response:
        asked = checked(given.VanDienstGevraagd(data=request.query_params.dict()))
        found = who_would_ring(asked["rechtsgebied"].slug, asked["regio"].code, asked.get("moment"))
        return Response(shown.VanDienst(found).data)


class Vragen(Endpoint):
    permission_classes = [IsAuthenticated, AsksQuestions]

    @extend_schema(
        operation_id="vragen",
        summary=gettext_lazy("Your own questions, newest first"),
        description=gettext_lazy("What this person asked, accepted, or is asked to accept now. Never the text."),
        parameters=[given.Bladeren],
        responses=shown.VragenPagina,
    )
    def get(self, request: Request) -> Response:
        asked = checked(given.Bladeren(data=request.query_params.dict()))
        page, size = asked["pagina"], asked["paginaGrootte"]
        total, rows = queries.own_questions(person_of(request), (page - 1) * size, size)
        has_next = page * size < total
        content = {
            "aantal": total,
            "volgende": _page(page + 1, size) if has_next else None,
            "vorige": _page(page - 1, size) if page > 1 else None,
            "resultaten": rows,
        }
        return Response(shown.VragenPagina(content).data)

    @extend_schema(
        operation_id="vraagStellen",
        summary=gettext_lazy("Ask a question"),
        description=gettext_lazy(
            "For first-line workers. The lawyer on duty is asked at once; the answer tells who and by when."
        ),
        parameters=[KEY_NEEDED, OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201])],
        request=given.NieuweVraag,
        responses={201: shown.Vraag},
    )
    def post(self, request: Request) -> Response:
        asked = given.NieuweVraag(data=request.data)
        answer = once.answer_once(request, asked, lambda: _ask(request, asked.validated_data), key_required=True)
        return Response(answer, status=201, headers={"Location": answer["url"]})


class EenVraag(Endpoint):
    @extend_schema(
        operation_id="vraag",
        summary=gettext_lazy("Where a question stands"),
        description=gettext_lazy(
            "Status, the next step with who owes it and by when, outcomes and timeline. May be asked again and again."
        ),
        parameters=[REFERENCE],
        responses=shown.Vraag,
    )
    def get(self, request: Request, referentie: str) -> Response:
        return Response(shown.Vraag(queries.consultation_for(person_of(request), referentie, with_text=False)).data)


class Berichten(Endpoint):
    @extend_schema(
        operation_id="berichten",
        summary=gettext_lazy("The text of a question and what was written since"),
        description=gettext_lazy("Only for who may read it; that it was read is put on record."),
        parameters=[REFERENCE],
        responses=shown.Berichten,
    )
    def get(self, request: Request, referentie: str) -> Response:
        question = queries.consultation_for(person_of(request), referentie)
        if not question.has_text:
            raise NotYours
        return Response(shown.Berichten(question).data)

    @extend_schema(
        operation_id="berichtSchrijven",
        summary=gettext_lazy("Write to the lawyer"),
        description=gettext_lazy(
            "For the asker. It starts the clock again, and brings an answered question back to its lawyer."
        ),
        parameters=[REFERENCE, KEY_ALLOWED],
        request=given.NieuwBericht,
        responses={201: shown.Bericht},
    )
    def post(self, request: Request, referentie: str) -> Response:
        asked = given.NieuwBericht(data=request.data)
        answer = once.answer_once(request, asked, lambda: _reply(request, referentie, asked.validated_data))
        return Response(answer, status=201)


class UitkomstVanVraag(Endpoint):
    @extend_schema(
        operation_id="uitkomstVastleggen",
        summary=gettext_lazy("Say what came of it"),
        description=gettext_lazy("For the asker and for the lawyer, each for his own side. The last one said counts."),
        parameters=[REFERENCE, KEY_ALLOWED],
        request=given.NieuweUitkomst,
        responses={201: shown.Uitkomst},
    )
    def post(self, request: Request, referentie: str) -> Response:
        asked = given.NieuweUitkomst(data=request.data)
        answer = once.answer_once(request, asked, lambda: _outcome(request, referentie, asked.validated_data))
        return Response(answer, status=201)


def checked(asked: given.Given) -> Mapping[str, Any]:
    """The values of a query. Raises ValidationError with all faults."""
    asked.is_valid(raise_exception=True)
    values: Mapping[str, Any] = asked.validated_data
    return values


def _page(page: int, size: int) -> str:
    return f"{settings.PUBLIC_URL}{shown.ROOT}/vragen?{urlencode({'pagina': page, 'paginaGrootte': size})}"


def _ask(request: Request, values: Mapping[str, Any]) -> once.Done:
    consultation = services.ask(
        person=person_of(request),
        area_id=values["rechtsgebied"].id,
        region_id=values["regio"].id,
        lane=values["termijn"],
        question=values["vraag"],
        background=values["achtergrond"],
        deadline=values["laatsteDag"],
    )
    question = queries.consultation_for(person_of(request), consultation.reference, with_text=False)
    return consultation.pk, dict(shown.Vraag(question).data)


def _reply(request: Request, reference: str, values: Mapping[str, Any]) -> once.Done:
    row = services.reply(person=person_of(request), reference=reference, text=values["tekst"])
    message = MessageView(row.kind, person_of(request).name, person_of(request).pk, row.body, row.created_at)
    return row.consultation_id, dict(shown.Bericht(message).data)


def _outcome(request: Request, reference: str, values: Mapping[str, Any]) -> once.Done:
    row = services.log_outcome(
        person=person_of(request),
        reference=reference,
        value=values["uitkomst"],
        route="api",
        certificate_avoided=values["toevoegingVoorkomen"],
        follow_up_on=values["vervolgOp"],
        note=values["notitie"],
        then=values["daarna"] or "",
    )
    said = OutcomeView(row.side, row.value, "", person_of(request).name, row.at, row.certificate_avoided)
    return row.consultation_id, dict(shown.Uitkomst(said).data)
