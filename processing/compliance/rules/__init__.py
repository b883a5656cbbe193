"""Each file here that says `RULE = Rule(…)` is one rule. None of them imports numpy: they judge what was measured."""
