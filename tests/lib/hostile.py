"""Texts that attack whoever shows them, and how to tell that they did no harm."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import markdown
from markdown_it import MarkdownIt

SCRIPT = "<script>alert(1)</script>"
LINK = "[x](javascript:alert(1))"

# Most are from the OWASP and DOMPurify collections; the rest is Markdown's own.
ATTACKS = [
    SCRIPT,
    LINK,
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert`1`>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<a href='javascript:alert(1)'>x</a>",
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "`<script>alert(1)</script>",
    "` \n` <script>alert(1)</script> `",
    "| a | b |\n| - | - |\n| ` | <script>alert(1)</script> ` |",
    "# `\n<script>alert(1)</script> `",
    "```\n<script>alert(1)</script>",
    "```a`b\n<script>alert(1)</script>\n```",
    "~~~\n```\n~~~~\n<script>alert(1)</script>\n~~~",
    "> ```\n<script>alert(1)</script>",
    "- ```\n\nx <script>alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]:\n  javascript:alert(1)\n\n[x][x]",
    "[x]: <javascript:alert(1)>\n\n[x][]",
    "<javascript:alert(1)>",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1) 'title')",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x\\\\](javascript:alert(1))",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](javascript:alert(1))",
    '![x](x"onerror="alert(1))',
    '[x](https://a "onmouseover=alert(1)")',
    '[x](https://a"onmouseover="alert(1))',
    '<https://a"onmouseover="alert(1)>',
    "\x02<script>\x03alert(1)</script>",
    "\ufdd1script>alert(1)\ufdd1/script>",
]

DANGEROUS_TAGS = {"script", "iframe", "object", "embed", "base", "meta", "link", "style", "svg", "math", "img", "form"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "srcset", "xlink:href", "poster", "background", "hx-get"}
SCHEMES = {"", "http", "https", "mailto", "data"}


COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")
# markdown-it refuses bad schemes by itself; other programs do not.
COMMONMARK.validateLink = lambda _address: True  # type: ignore[method-assign]


class Danger(HTMLParser):
    """Collects what a browser would execute."""

    def __init__(self, *, forbidden: set[str]) -> None:
        super().__init__()
        self.forbidden, self.found = forbidden, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.forbidden or re.search("[^a-z0-9-]", tag):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            # A browser takes blanks and control characters out of an address before it looks at the scheme.
            address = re.sub(r"[\x00-\x20]", "", html.unescape(value or ""))
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{name}={value}")
            if name in ADDRESSES and urlsplit(address).scheme.lower() not in SCHEMES:
                self.found.append(f"{name}={value}")


def danger_in_fragment(text: str) -> list[str]:
    """What a browser would execute in HTML that holds nothing but rendered text."""
    parser = Danger(forbidden=DANGEROUS_TAGS)
    parser.feed(text)
    parser.close()
    return parser.found


def danger_in_page(text: str, *, own_scripts: bool = True) -> list[str]:
    """The same in a whole page, which has styles, and scripts from files of its own."""
    parser = Danger(forbidden={"iframe", "object", "embed", "base", "svg", "math"})
    # A drawing of the application's own is a box like others: what is inside is looked at all the same.
    parser.feed(re.sub('<svg class="(phase-axis|cause-flow|change-bars)"', r'<div class="\1"', text))
    parser.close()
    scripts = re.findall(r"<script[^>]*>", text, re.IGNORECASE)
    bad = [tag for tag in scripts if not (own_scripts and re.search(r'\ssrc="/static/', tag))]
    return parser.found + bad


def read_by_others(source: str) -> list[str]:
    """The Markdown as HTML, by two programs that let raw HTML and every scheme pass."""
    python = markdown.markdown(source, extensions=["tables", "fenced_code"])
    return [COMMONMARK.render(source), python]


def dangers(source: str) -> list[str]:
    """What a browser would execute in what other programs make of the Markdown."""
    # Pictures are no danger by themselves; all else about them is looked at.
    return [danger for html in read_by_others(source) for danger in danger_in_fragment(html) if danger != "<img>"]
