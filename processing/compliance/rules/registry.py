"""All rules by name: each module of this folder that says `RULE = Rule(…)`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from processing.compliance import rules
from processing.compliance.rules.rule import Rule


def _found() -> dict[str, Rule]:
    modules = (import_module(f"{rules.__name__}.{module.name}") for module in iter_modules(rules.__path__))
    found: list[Rule] = [module.RULE for module in modules if hasattr(module, "RULE")]
    return {rule.name: rule for rule in found}


RULES = _found()
