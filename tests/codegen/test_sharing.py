"""Resources with the same methods share a class; what differs keeps its own."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.readers import discovery
from concertpitch_codegen.writers.client import write_client
from concertpitch_codegen.writers.methods import tree, walk
from concertpitch_codegen.writers.naming import class_names
from concertpitch_codegen.writers.sharing import shared

if TYPE_CHECKING:
    from concertpitch_codegen.document import Document


def with_operations(toy: dict[str, Any]) -> Document:
    """Give five resources `operations`: two of one kind, two of another, one of its own."""
    get = copy.deepcopy(toy["resources"]["shops"]["methods"]["get"])
    for owner, verbs in (("a", "get"), ("b", "get"), ("c", "get cancel"), ("d", "get cancel"), ("e", "cancel")):
        methods = {
            verb: get
            | {
                "id": f"toy.{owner}.operations.{verb}",
                "path": f"v1/{{+name}}:{verb}",
                "flatPath": f"v1/{owner}/{{id}}:{verb}",
            }
            for verb in verbs.split()
        }
        toy["resources"][owner] = {"resources": {"operations": {"methods": methods}}}
    return discovery.read(toy, "toy.v1")


def test_each_group_has_a_class_and_a_single_resource_has_none(toy: dict[str, Any]) -> None:
    document = with_operations(toy)
    resources = list(walk(tree(document, class_names(document.definitions, ()))))
    found = {name: each.class_name for name, each in shared(resources).items()}
    assert found == {
        "AOperations": "_Operations",
        "BOperations": "_Operations",
        "COperations": "_Operations2",
        "DOperations": "_Operations2",
    }


def test_the_shared_class_comes_first_and_each_resource_cites_its_own_place(toy: dict[str, Any]) -> None:
    source = write_client(with_operations(toy), (), "acme").decode()
    assert source.index("class _Operations(Resource):") < source.index("class AOperations(_Operations):")
    assert "\nAsyncAOperations = _AsyncOperations\nAsyncBOperations = _AsyncOperations\n" in source
    cited = source.partition("class BOperations(_Operations):")[2].partition("class ")[0]
    assert "Source: toy.v1 20260102 /resources/b/resources/operations/methods/get" in cited
    assert source.count("def get(") == 3  # of the shops, and of the two shared classes
    compile(source, "client.py", "exec")


def test_a_resource_called_models_does_not_hide_the_messages(toy: dict[str, Any]) -> None:
    assert "from . import models\n" in write_client(discovery.read(toy, "toy.v1"), (), "acme").decode()
    shops = toy["resources"]["shops"]
    shops["resources"]["models"] = {"methods": {"get": shops["methods"]["get"] | {"id": "toy.shops.models.get"}}}
    shops["resources"]["models"]["methods"]["get"] |= {
        "path": "v1/{+name}:model",
        "flatPath": "v1/shops/{shopsId}:model",
    }
    source = write_client(discovery.read(toy, "toy.v1"), (), "acme").decode()
    assert "from . import models as _models\n" in source
    assert "def get(self, name: str) -> _models.Shop:" in source
