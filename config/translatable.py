"""Which texts of our sources have to be translated: the messages of Python files, PROMPTS tables and templates."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.template.base import Lexer, Token, TokenType
from django.templatetags.i18n import BlockTranslateNode
from django.utils.text import unescape_string_literal

TABLE = "PROMPTS"
TRANSLATION_MODULE = "django.utils.translation"
# What the arguments are, per function of django.utils.translation (lazy and noop forms alike).
ARGUMENTS = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{[^{}]*\}")
IN_EXPRESSION = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")


class SourceError(Exception):
    """A source from which no message can be taken; says where and why."""


class Message(NamedTuple):
    """What the source asks for: the English text, its plural ("" for none) and its context ("" for none)."""

    text: str
    plural: str = ""
    context: str = ""


def sources(app: Path) -> dict[Message, set[str]]:
    """Every message of the app's Python and templates, with the files (relative to the app's parent) that use it."""
    found: dict[Message, set[str]] = defaultdict(set)
    for path in sorted(app.rglob("*")):
        name = path.relative_to(app.parent).as_posix()
        if path.suffix == ".py" and "/migrations/" not in name:
            messages = in_python(path.read_text(encoding="utf-8"), name)
        elif path.suffix in {".html", ".txt"} and "/templates/" in name:
            messages = in_template(path.read_text(encoding="utf-8"), name)
        else:
            continue
        for message in messages:
            if PLACEHOLDER.sub("", message.text).strip():  # '{notice}' alone says nothing in any language
                found[message].add(name)
    return found


# --- Python -------------------------------------------------------------------------------------------------------
def in_python(source: str, name: str = "source") -> Iterator[Message]:
    """Messages of gettext calls and of PROMPTS tables; raises SourceError where a message is not a literal."""
    tree = ast.parse(source, name)
    functions = dict(_imported(tree))
    for node in ast.walk(tree):
        kind = _function(node.func, functions) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and kind and (message := _message(node, ARGUMENTS[kind], name)):
            yield message
    for statement in tree.body:
        yield from _table(statement, name)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name in this module, kind) of each translating function that the module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION_MODULE:
            for alias in node.names:
                kind = re.sub(r"_(lazy|noop)$", "", alias.name)
                if kind in ARGUMENTS:
                    yield alias.asname or alias.name, kind


def _function(called: ast.expr, functions: dict[str, str]) -> str:
    if isinstance(called, ast.Name):
        return functions.get(called.id, "")
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "translation":
        kind = re.sub(r"_(lazy|noop)$", "", called.attr)
        return kind if kind in ARGUMENTS else ""
    return ""


def _message(call: ast.Call, names: tuple[str, ...], where: str) -> Message | None:
    """The message of one call; None where it comes from elsewhere: a table, or a gettext_noop, which is read there."""
    parts: dict[str, str] = {}
    for name, argument in zip(names, call.args, strict=False):
        if _is_formatted(argument):
            raise SourceError(f"{where}:{call.lineno}: translate a literal first, then format it")
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return None
        parts[name] = argument.value
    return Message(**parts) if parts.get("text") else None


def _is_formatted(argument: ast.expr) -> bool:
    """Whether it is put together at run time, so that no catalogue can have it."""
    if isinstance(argument, (ast.JoinedStr, ast.BinOp)):
        return True
    return (
        isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr == "format"
    )


def _table(statement: ast.stmt, where: str) -> Iterator[Message]:
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    if not (isinstance(target, ast.Name) and target.id == TABLE):
        return
    value = statement.value
    if not isinstance(value, ast.Dict):
        raise SourceError(f"{where}:{statement.lineno}: {TABLE} has to be a literal dict")
    for text in value.values:
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
            raise SourceError(f"{where}:{text.lineno}: every value of {TABLE} has to be a literal text")
        if text.value:
            yield Message(text.value)


# --- Templates ----------------------------------------------------------------------------------------------------
def in_template(source: str, name: str = "template") -> Iterator[Message]:
    """Messages of translate, blocktranslate and _("...") exactly as Django asks for them (percent signs doubled)."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type is TokenType.VAR:
            yield from _in_expression(token.contents)
        elif token.token_type is TokenType.BLOCK:
            tag = token.contents.partition(" ")[0]
            if tag == "comment":
                _skip(tokens, "endcomment")
            elif tag in {"translate", "trans"}:
                yield from _translate_tag(token.split_contents())
            elif tag in {"blocktranslate", "blocktrans"}:
                yield _block(token.split_contents(), tokens, f"{name}:{token.lineno}")
            else:
                yield from _in_expression(token.contents)


def _in_expression(contents: str) -> Iterator[Message]:
    for literal in IN_EXPRESSION.findall(contents):
        yield Message(_literal(literal).replace("%", "%%"))


def _literal(text: str) -> str:
    return str(unescape_string_literal(text))


def _skip(tokens: Iterator[Token], end: str) -> None:
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents == end:
            return


def _translate_tag(bits: list[str]) -> Iterator[Message]:
    literal = bits[1].partition("|")[0] if len(bits) > 1 else ""
    if literal[:1] in {'"', "'"} and literal[-1] == literal[0]:
        yield Message(_literal(literal).replace("%", "%%"), context=_context(bits))


def _context(bits: list[str]) -> str:
    return _literal(bits[bits.index("context") + 1]) if "context" in bits else ""


def _block(bits: list[str], tokens: Iterator[Token], where: str) -> Message:
    """The message of a blocktranslate whose opening tag was split into `bits`; takes its tokens up to the end tag."""
    forms: list[list[Token]] = [[]]
    for token in tokens:
        if token.token_type in {TokenType.TEXT, TokenType.VAR}:
            forms[-1].append(token)
        elif token.token_type is TokenType.BLOCK and token.contents == "plural":
            forms.append([])
        elif token.token_type is TokenType.BLOCK and token.contents == f"end{bits[0]}":
            break
        else:
            raise SourceError(f"{where}: {bits[0]} cannot hold {{% {token.contents} %}}")
    else:
        raise SourceError(f"{where}: {bits[0]} is not closed")
    node = BlockTranslateNode({}, [], trimmed="trimmed" in bits)
    texts = [node.render_token_list(form)[0] for form in forms]
    return Message(texts[0], texts[1] if len(texts) > 1 else "", _context(bits))
