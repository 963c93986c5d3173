from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from storyflow.request_guard import AppendSlashMiddleware, CorsMiddleware, RequestGuardMiddleware

# Closing an answer lets Django look after its database connections.
pytestmark = pytest.mark.django_db

HOME = "localhost:8000"
OWN = "http://localhost:8000"
FRONT = "http://localhost:3000"
EVIL = "https://evil.example"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"

# method, Host, Origin, Sec-Fetch-Site, Content-Type, status; None is a header that was not sent.
REQUESTS = [
    # Names that are ours
    ("GET", "localhost:8000", None, None, None, 200),
    ("GET", "localhost", None, None, None, 200),
    ("GET", "LOCALHOST:8000", None, None, None, 200),
    ("GET", "127.0.0.1:8000", None, None, None, 200),
    ("GET", "127.0.0.1", None, None, None, 200),
    ("GET", "[::1]:8000", None, None, None, 200),
    ("GET", "[::1]", None, None, None, 200),
    ("GET", "Studio.Lan:8000", None, None, None, 200),
    ("GET", "localhost:65535", None, None, None, 200),
    ("HEAD", "localhost:8000", None, None, None, 200),
    ("OPTIONS", "localhost:8000", None, None, None, 200),
    # Names that are not
    ("GET", "evil.com:8000", None, None, None, 400),
    ("GET", "evil.com", None, None, None, 400),
    ("HEAD", "evil.com:8000", None, None, None, 400),
    ("OPTIONS", "evil.com:8000", None, None, None, 400),
    ("TRACE", "evil.com:8000", None, None, None, 400),
    ("POST", "evil.com:8000", "http://evil.com:8000", "same-origin", JSON, 400),
    ("GET", "0.0.0.0", None, None, None, 400),
    ("GET", "0.0.0.0:8000", None, None, None, 400),
    ("GET", "127.0.0.2:8000", None, None, None, 400),
    ("GET", "127.1:8000", None, None, None, 400),
    ("GET", "2130706433", None, None, None, 400),
    ("GET", "[::]:8000", None, None, None, 400),
    ("GET", "[0:0:0:0:0:0:0:1]", None, None, None, 400),
    ("GET", "::1", None, None, None, 400),
    ("GET", "[::1", None, None, None, 400),
    ("GET", "[::1]8000", None, None, None, 400),
    ("GET", "[localhost]", None, None, None, 400),
    ("GET", "localhost.", None, None, None, 400),
    ("GET", "localhost.evil.com", None, None, None, 400),
    ("GET", "evil.localhost", None, None, None, 400),
    ("GET", "localhost, localhost", None, None, None, 400),
    ("GET", "localhost,evil.com", None, None, None, 400),
    ("GET", "user@localhost:8000", None, None, None, 400),
    ("GET", "localhost:8000@evil.com", None, None, None, 400),
    ("GET", "localhost/", None, None, None, 400),
    ("GET", "http://localhost", None, None, None, 400),
    ("GET", " localhost", None, None, None, 400),
    ("GET", "localhost ", None, None, None, 400),
    ("GET", "localhost :8000", None, None, None, 400),
    ("GET", "localhost\n", None, None, None, 400),
    ("GET", "localhost\0", None, None, None, 400),
    ("GET", "\0", None, None, None, 400),
    ("GET", "", None, None, None, 400),
    ("GET", ":8000", None, None, None, 400),
    ("GET", "localhost:", None, None, None, 400),
    ("GET", "localhost:65536", None, None, None, 400),
    ("GET", "localhost:080000", None, None, None, 400),
    ("GET", "localhost:-1", None, None, None, 400),
    ("GET", "localhost:http", None, None, None, 400),
    ("GET", "localhost:\u0661", None, None, None, 400),
    ("GET", "local\u017fhost", None, None, None, 400),
    ("GET", "*", None, None, None, 400),
    ("GET", None, None, None, None, 400),
    ("POST", None, None, None, JSON, 400),
    # Reading is not asked where it comes from
    ("GET", HOME, EVIL, "cross-site", None, 200),
    ("HEAD", HOME, EVIL, "cross-site", None, 200),
    ("OPTIONS", HOME, EVIL, "cross-site", None, 200),
    ("TRACE", HOME, EVIL, "cross-site", None, 200),
    ("GET", HOME, "null", None, None, 200),
    # Changing: programs that are no browser
    ("POST", HOME, None, None, JSON, 200),
    ("POST", HOME, None, None, PARTS, 200),
    ("PATCH", HOME, None, None, JSON, 200),
    ("DELETE", HOME, None, None, None, 200),
    # Changing: our own page
    ("POST", HOME, OWN, "same-origin", JSON, 200),
    ("POST", HOME, OWN, "none", JSON, 200),
    ("POST", HOME, OWN, None, PARTS, 200),
    ("POST", HOME, None, "same-origin", FORM, 200),
    ("POST", HOME, None, "none", FORM, 200),
    ("POST", HOME, None, " Same-Origin ", FORM, 200),
    ("DELETE", "[::1]:8000", "http://[::1]:8000", "same-origin", None, 200),
    ("PATCH", "LocalHost:8000", "http://LOCALHOST:8000", "same-origin", JSON, 200),
    ("POST", HOME, f" {OWN} ", "same-origin", JSON, 200),
    ("POST", HOME, OWN, "same-site", JSON, 403),
    ("POST", HOME, OWN, "cross-site", JSON, 403),
    ("POST", HOME, OWN, "", JSON, 403),
    ("POST", HOME, OWN, "whatever", JSON, 403),
    # Changing: a configured front end
    ("POST", HOME, FRONT, "same-site", JSON, 200),
    ("POST", HOME, FRONT, "cross-site", PARTS, 200),
    ("PATCH", HOME, FRONT, None, JSON, 200),
    ("DELETE", "127.0.0.1:8000", FRONT.upper(), "cross-site", None, 200),
    ("POST", HOME, FRONT + "/", "same-site", JSON, 403),
    ("POST", HOME, f"{FRONT}, {FRONT}", "same-site", JSON, 403),
    # Changing: anybody else
    ("POST", HOME, EVIL, "cross-site", JSON, 403),
    ("POST", HOME, EVIL, "cross-site", PARTS, 403),
    ("POST", HOME, EVIL, "cross-site", "text/plain", 403),
    ("POST", HOME, EVIL, "same-origin", JSON, 403),
    ("POST", HOME, EVIL, None, FORM, 403),
    ("PUT", HOME, EVIL, None, JSON, 403),
    ("PATCH", HOME, EVIL, None, JSON, 403),
    ("DELETE", HOME, EVIL, None, None, 403),
    ("FLY", HOME, EVIL, None, None, 403),
    ("POST", HOME, "null", None, PARTS, 403),
    ("POST", HOME, "null", "same-origin", PARTS, 403),
    ("POST", HOME, "", None, PARTS, 403),
    ("POST", HOME, "http://localhost:5173", "same-site", JSON, 403),
    ("POST", HOME, "http://localhost", "same-site", JSON, 403),
    ("POST", HOME, "https://localhost:8000", "same-site", JSON, 403),
    ("POST", HOME, "http://127.0.0.1:8000", "cross-site", JSON, 403),
    ("POST", HOME, "http://localhost:8000.evil.com", "cross-site", JSON, 403),
    ("POST", HOME, None, "same-site", JSON, 403),
    ("POST", HOME, None, "cross-site", PARTS, 403),
    ("DELETE", HOME, None, "cross-site", None, 403),
    # Charsets
    ("POST", HOME, None, None, "application/json; charset=utf-8", 200),
    ("POST", HOME, None, None, 'application/json; CHARSET="UTF-8"', 200),
    ("POST", HOME, None, None, "text/plain; charset=us-ascii", 200),
    ("POST", HOME, None, None, "application/json; charset=base64", 415),
    ("POST", HOME, None, None, "application/json; charset=zip", 415),
    ("POST", HOME, None, None, "application/json; charset=utf-16", 415),
    ("POST", HOME, None, None, "application/json; charset=utf-7", 415),
    ("POST", HOME, None, None, "application/json; charset=latin-1", 415),
    ("POST", HOME, None, None, "application/json; charset=no-such", 415),
    ("POST", HOME, None, None, "application/json; charset=", 415),
    ("POST", HOME, None, None, "application/json; charset*=utf-8''utf-16", 415),
    ("POST", HOME, None, None, PARTS + "; charset=rot13", 415),
    ("POST", HOME, None, None, FORM + ";charset=idna", 415),
    ("GET", HOME, None, None, "text/plain; charset=undefined", 415),
    ("POST", HOME, EVIL, None, "application/json; charset=base64", 403),
    ("GET", "evil.com", None, None, "text/plain; charset=base64", 400),
]


@pytest.fixture(autouse=True)
def _known_settings(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "studio.lan", "*"]
    settings.CORS_ALLOWED_ORIGINS = [FRONT]
    settings.ACCESS_TOKEN = ""


class CountingView:
    def __init__(self, response=None):
        self.calls = 0
        self.response = response or HttpResponse("the view")

    def __call__(self, request):
        self.calls += 1
        return self.response


def a_request(method="GET", *, server_name="waitress.invalid", **environ):
    """Return a request with these headers, named as in WSGI. Headers that are None are left out."""
    sent = {name: value for name, value in environ.items() if value is not None}
    return RequestFactory().request(REQUEST_METHOD=method, SERVER_NAME=server_name, **sent)


@pytest.mark.parametrize(("method", "host", "origin", "site", "content_type", "status"), REQUESTS)
def test_a_request_reaches_the_view_or_is_refused(method, host, origin, site, content_type, status):
    view = CountingView()
    request = a_request(method, HTTP_HOST=host, HTTP_ORIGIN=origin, HTTP_SEC_FETCH_SITE=site, CONTENT_TYPE=content_type)

    response = RequestGuardMiddleware(view)(request)

    assert response.status_code == status
    assert view.calls == (status == 200)
    assert status == 200 or method == "HEAD" or json.loads(response.content)["error"].endswith(".")


def test_a_missing_host_is_taken_from_the_server_name_of_a_test_client(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert RequestGuardMiddleware(CountingView())(a_request(server_name="testserver")).status_code == 200
    own = a_request("POST", server_name="testserver", HTTP_ORIGIN="http://testserver")
    assert RequestGuardMiddleware(CountingView())(own).status_code == 200


def test_a_foreign_host_is_refused_whatever_the_server_name():
    assert (
        RequestGuardMiddleware(CountingView())(a_request(server_name="localhost", HTTP_HOST="evil.com")).status_code
        == 400
    )


@pytest.mark.parametrize("forwarded", [{"HTTP_X_FORWARDED_HOST": "localhost"}, {"HTTP_FORWARDED": "host=localhost"}])
def test_forwarding_headers_do_not_stand_in_for_host(forwarded):
    assert RequestGuardMiddleware(CountingView())(a_request(HTTP_HOST="evil.com", **forwarded)).status_code == 400


TOKEN = "correct-hörse"
SENT = TOKEN.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("method", "authorization", "status"),
    [
        ("GET", f"Bearer {SENT}", 200),
        ("GET", f"bearer  {SENT} ", 200),
        ("POST", f"Bearer {SENT}", 200),
        ("OPTIONS", None, 200),
        ("GET", None, 401),
        ("HEAD", None, 401),
        ("POST", None, 401),
        ("GET", "", 401),
        ("GET", "Bearer", 401),
        ("GET", "Bearer ", 401),
        ("GET", f"Bearer {SENT}x", 401),
        ("GET", f"Bearer {SENT.upper()}", 401),
        ("GET", f"Basic {SENT}", 401),
        ("GET", SENT, 401),
        ("GET", "Bearer \u2603", 401),
    ],
)
def test_a_configured_token_is_asked_of_every_request(settings, method, authorization, status):
    settings.ACCESS_TOKEN = TOKEN
    view = CountingView()

    response = RequestGuardMiddleware(view)(a_request(method, HTTP_HOST=HOME, HTTP_AUTHORIZATION=authorization))

    assert (response.status_code, view.calls) == (status, int(status == 200))
    assert response.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


def test_the_token_does_not_open_the_gate_to_other_pages(settings):
    settings.ACCESS_TOKEN = TOKEN
    request = a_request("POST", HTTP_HOST=HOME, HTTP_ORIGIN=EVIL, HTTP_AUTHORIZATION=f"Bearer {SENT}")
    assert RequestGuardMiddleware(CountingView())(request).status_code == 403


@pytest.mark.parametrize("host", [HOME, "evil.com"])
def test_every_answer_carries_the_safety_headers(host):
    response = RequestGuardMiddleware(CountingView())(a_request(HTTP_HOST=host))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_headers_that_a_view_has_set_are_left_alone():
    view = CountingView(
        HttpResponse(headers={"Content-Security-Policy": "sandbox", "Cross-Origin-Resource-Policy": "same-site"})
    )

    response = RequestGuardMiddleware(view)(a_request(HTTP_HOST=HOME))

    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-site"
    assert response["Referrer-Policy"] == "same-origin"


def test_head_is_answered_with_the_length_of_the_body_but_without_it():
    response = RequestGuardMiddleware(CountingView(HttpResponse("eight by")))(a_request("HEAD", HTTP_HOST=HOME))
    assert (response.content, response["Content-Length"]) == (b"", "8")


def test_head_of_a_file_streams_nothing_and_closes_it():
    file = BytesIO(b"eight by")

    response = RequestGuardMiddleware(CountingView(FileResponse(file)))(a_request("HEAD", HTTP_HOST=HOME))

    assert (response.getvalue(), response["Content-Length"], response.file_to_stream) == (b"", "8", None)
    response.close()
    assert file.closed


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"HTTP_HOST": "evil.example"}, 400, "UNKNOWN_HOST"),
        ({"HTTP_HOST": HOME, "HTTP_ORIGIN": EVIL}, 403, "FOREIGN_ORIGIN"),
        ({"HTTP_HOST": HOME, "CONTENT_TYPE": "application/json; charset=base64"}, 415, "UNSUPPORTED_CHARSET"),
    ],
)
def test_a_request_to_the_item_door_is_refused_in_its_envelope(headers, status, code):
    view = CountingView(HttpResponse())
    response = RequestGuardMiddleware(view)(RequestFactory().generic("DELETE", "/api/v1/items/1", **headers))
    answer = json.loads(response.content)
    assert (response.status_code, answer["data"], answer["error"]["code"]) == (status, None, code)
    assert set(answer) == {"data", "error", "message"}


def test_a_front_end_of_another_origin_is_told_that_it_may_ask_and_no_other_is():
    answer = CorsMiddleware(CountingView())(a_request(HTTP_ORIGIN=FRONT))
    assert answer.headers["Access-Control-Allow-Origin"] == FRONT
    assert "Access-Control-Allow-Origin" not in CorsMiddleware(CountingView())(a_request(HTTP_ORIGIN=EVIL)).headers


def test_where_there_is_no_other_front_end_answers_say_nothing_of_origins(settings):
    settings.CORS_ALLOWED_ORIGINS = []
    view = CountingView()
    preflight = a_request("OPTIONS", HTTP_ORIGIN=EVIL, HTTP_ACCESS_CONTROL_REQUEST_METHOD="DELETE")
    for request in (a_request(HTTP_ORIGIN=EVIL), preflight):
        headers = CorsMiddleware(view)(request).headers
        assert not [name for name in headers if name.startswith("Access-Control")]
        assert "Vary" not in headers


@pytest.mark.parametrize("is_debugging", [True, False])
@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 301), ("HEAD", 301), ("POST", 308), ("PUT", 308), ("PATCH", 308), ("DELETE", 308)],
)
def test_who_leaves_out_the_last_slash_is_sent_to_the_address_that_has_it(method, status, is_debugging, settings):
    settings.DEBUG = is_debugging
    view = CountingView(HttpResponse(status=404))
    answer = AppendSlashMiddleware(view)(
        a_request(method, HTTP_HOST=HOME, PATH_INFO="/api/projects", QUERY_STRING="a=1&b=%2F")
    )
    assert (answer.status_code, answer.headers["Location"]) == (status, "/api/projects/?a=1&b=%2F")
    assert "/api/projects/" in json.loads(answer.content)["error"]
    nowhere = AppendSlashMiddleware(view)(a_request(method, HTTP_HOST=HOME, PATH_INFO="/api/no-such-thing"))
    assert nowhere.status_code == 404


def test_a_missing_slash_leads_to_no_other_host():
    request = a_request(HTTP_HOST=HOME, PATH_INFO="//evil.example/api")
    assert AppendSlashMiddleware(CountingView()).get_full_path_with_slash(request) == "/%2Fevil.example/api/"
