"""Texts that are made to take the Markdown parser long, each as the part that is repeated."""

# What a fuzzer found to take seconds at full size, and what the parser is known to be slow at.
SHAPES = {
    "opened brackets in short paragraphs": "([a](b)|" + "[" * 55 + "\\" * 200 + "\n\n",
    "opened brackets in one paragraph": "]\n        " + "(" * 200 + "a" * 3900 + "[" * 55,
    "brackets and code": "[[a]: b" + "`" * 200 + "|* ก",
    "links begun and code": "]([![**" + "`" * 200,
    "words and brackets": "a" * 3900 + "[" * 58,
    "nested brackets": "[" * 20 + "a" + "]" * 20 + " ",
    "targets begun": "[a](b ",
    "targets in paragraphs": "[a](" * 30 + "a" * 3000 + "\n\n",
    "titles begun": '[a](b "',
    "references": "[a][b] ",
    "definitions": "[a]: b\n",
    "markers in one line": "1.  ",
    "bullets in one line": "- * + ",
    "bullets far apart in one line": "- " + " " * 10,
    "bullets far apart in lines": ("- " + " " * 10) * 8 + "x\n",
    "emphasis": "*a **b ",
    "underscores": "_a __b ",
    "code": "` `` ",
    "angles": "<a ",
    "addresses": "<http://a>",
    "quotes": "> a\n",
    "lists": "- a\n\n  b\n\n",
    "headings": "a\n===\n",
    "tables": "|a|b|\n|-|-|\n",
    "paragraphs": "a\n\n",
    "lines": "a\n",
    "references to records": "INC-1 @a ",
}


def filled(part: str, length: int) -> str:
    return (part * (length // len(part) + 1))[:length]
