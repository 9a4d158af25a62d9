"""JSON documents that chance has changed, and a validator for them: what the tests of all JSON Schemas share."""

import copy
import json
import re

import jsonschema
from hypothesis import strategies as st


def _pattern(_validator, pattern, instance, _schema):
    """Match as JSON Schema says: `$` is the end of the string, where Python's also stands before a last line break."""
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})


def values(simple, keys):
    """Values to change something to: simple ones, and arrays and objects of them."""
    inner = st.lists(simple, max_size=2) | st.dictionaries(st.sampled_from(keys), simple, max_size=3)
    # Copies, so that a later change does not reach into the simple ones.
    return (simple | inner).map(copy.deepcopy)


def places(value):
    """Yield every object and array in a value."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from places(inner)


@st.composite
def changed(draw, documents, keys, new_values, *, most_changes):
    """The text of a document of which members and elements were removed, replaced, added or repeated."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, most_changes))):
        place = draw(st.sampled_from(list(places(document))))
        if isinstance(place, dict):
            key = draw(st.sampled_from([*place, *keys]))
            if draw(st.booleans()):
                place.pop(key, None)
            else:
                place[key] = draw(new_values)
        elif place and (how := draw(st.sampled_from(["replace", "repeat", "add"]))) != "add":
            index = draw(st.integers(0, len(place) - 1))
            if how == "replace":
                place[index] = draw(new_values)
            else:
                place.append(copy.deepcopy(place[index]))
        else:
            place.append(draw(new_values))
    return json.dumps(document)
