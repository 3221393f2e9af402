"""Templates compiled for one language: what is the same on all its pages is worked out once, and not with every page.

Jinja knows constants, but takes every call for one that may answer differently each time. Here it learns which names
and calls never do within a language. `{{ _("Map") }}` becomes text of the template, and joins the text around it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import has_safe_repr
from jinja2.visitor import NodeTransformer

FOLDED = frozenset({"_", "static", "icon", "absolute", "url_for", "dynamic"})
"""Functions that always answer the same to the same, within a language."""
OBJECTS = frozenset({"here"})
"""What has attributes that are the same on all pages of a language."""
FLAGS = frozenset({"exporting"})
"""What is asked about only whether it is there, and is or is not on all pages."""

Names = Mapping[str, Any]
"""What templates can name on all pages of a language."""


class LanguageEnvironment(Environment):
    """Jinja's environment that makes its templates anew for each language, all from the same sources.

    :ivar names: what is the same on all pages, where this is the environment of one language.
    """

    names: Names | None = None

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._by_language: dict[str, LanguageEnvironment] = {}
        self._trees: dict[str, bytes] = {}  # by source; shared by all languages
        self._spoken: Callable[[], tuple[str, Callable[[], Names]]] | None = None

    def speak(self, spoken: Callable[[], tuple[str, Callable[[], Names]]]) -> None:
        """Have templates be those of a language from now on.

        :param spoken: returns the present one's tag, and what gives the names that are the same on all its pages.
        """
        self._spoken = spoken

    def get_or_select_template(self, *args: Any, **kwargs: Any) -> Template:
        """Return a template of the present language."""
        return Environment.get_or_select_template(self._present(), *args, **kwargs)

    def _present(self) -> LanguageEnvironment:
        if self._spoken is None:
            return self
        tag, names = self._spoken()
        if tag not in self._by_language:
            made = self.overlay()
            made.names, made._spoken = names(), None
            made.globals = {**self.globals, **made.names}
            self._by_language[tag] = made
        return self._by_language[tag]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template can name: a plain dictionary where it adds nothing of its own, which is quicker."""
        return super().make_globals(d) if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = self._parsed_once(source, name, filename)
        is_html = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        if self.names is None or not is_html:  # plain text has words that are not escaped
            return parsed
        return _Folding(self.names).fold(parsed)

    def _parsed_once(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Return a template's tree, for this language alone: to parse takes eight times as long as to unpickle."""
        if source not in self._trees:
            tree = super()._parse(source, name, filename)
            for node in (tree, *tree.find_all(nodes.Node)):
                node.environment = None
            self._trees[source] = pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)
        copy: nodes.Template = pickle.loads(self._trees[source])  # noqa: S301 - from above
        copy.set_environment(self)
        return copy


class _Folding(NodeTransformer):
    """Replaces what is known by what it is."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def fold(self, template: nodes.Template) -> nodes.Template:
        folded: nodes.Template = self.visit(template)
        for node in (folded, *folded.find_all((nodes.If, nodes.For, nodes.Block, nodes.Macro))):
            for field in ("body", "else_"):
                if hasattr(node, field):
                    setattr(node, field, list(_joined(getattr(node, field))))
        return folded

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - named by Jinja
        call = cast(nodes.Call, self.generic_visit(node))
        if not isinstance(call.node, nodes.Name) or call.node.name not in FOLDED & self._names.keys():
            return call
        if call.dyn_args or call.dyn_kwargs:
            return call
        try:
            args = [arg.as_const() for arg in call.args]
            values = {keyword.key: keyword.value.as_const() for keyword in call.kwargs}
        except nodes.Impossible:
            return call
        return _constant(self._names[call.node.name](*args, **values), call)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        if isinstance(node.node, nodes.Name) and node.node.name in OBJECTS & self._names.keys():
            return _constant(getattr(self._names[node.node.name], node.attr), node)
        return self.generic_visit(node)

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802
        if node.ctx == "load" and node.name in FLAGS & self._names.keys():
            return _constant(bool(self._names[node.name]), node)
        return node

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        if node.elif_:
            first, *others = node.elif_
            node.elif_, node.else_ = [], [nodes.If(first.test, first.body, others, node.else_, lineno=first.lineno)]
        seen = cast(nodes.If, self.generic_visit(node))
        test = _truth(seen.test)
        if test is None:
            return seen
        return seen.body if test else seen.else_

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Expr:  # noqa: N802
        seen = cast(nodes.CondExpr, self.generic_visit(node))
        test = _truth(seen.test)
        if test is None or seen.expr2 is None:  # without an else it may be nothing
            return seen
        return seen.expr1 if test else seen.expr2


def _constant(value: Any, instead_of: nodes.Expr) -> nodes.Expr:
    return nodes.Const(value, lineno=instead_of.lineno) if has_safe_repr(value) else instead_of


def _truth(test: nodes.Node) -> bool | None:
    """Return whether a condition always holds, or never does; None when that depends on the page."""
    try:
        return bool(cast(nodes.Expr, test).as_const())
    except nodes.Impossible:
        return None


def _joined(body: list[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield statements with neighbouring outputs as one, so that their constants become one text."""
    output: nodes.Output | None = None
    for node in body:
        if isinstance(node, nodes.Output):
            if output is None:
                output = nodes.Output([], lineno=node.lineno)
            output.nodes += node.nodes
            continue
        if output is not None:
            yield output
            output = None
        yield node
    if output is not None:
        yield output
