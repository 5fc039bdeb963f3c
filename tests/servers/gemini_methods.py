"""The methods of a second honest server of the Gemini API.

Owns what each method does with the world; knows no HTTP.
"""

from __future__ import annotations

import base64
import time
import uuid
from typing import Any

from gemini_input import ID, MESSAGES, Reader, Refused, camel, check_new, check_settings, invalid, parsed
from gemini_world import ME, SETTINGS, TUNABLE, Model, World, base_models


def missing(world: World, what: str) -> Refused:
    if "unknown-is-403" in world.on:
        return Refused(403, "PERMISSION_DENIED", f"You do not have permission to access {what}.")
    return Refused(404, "NOT_FOUND", f"{what} does not exist.")


def found(world: World, ident: str) -> Model:
    model = world.models.get(ident)
    if model is None or model_role(model) == "":
        raise missing(world, f"Tuned model tunedModels/{ident}")
    return model


def model_role(model: Model) -> str:
    return next((one["role"] for one in model.permissions.values() if one.get("emailAddress") == ME), "")


def create(world: World, version: str, query: dict[str, str], raw: bytes) -> dict[str, Any]:
    if "read-only" in world.on:
        raise Refused(501, "UNIMPLEMENTED", "Tuning has ended.")
    sent = Reader(world.on).message("TunedModel", parsed(raw))
    check_new(sent)
    asked = query.get("tunedModelId", "")
    if asked and not ID.fullmatch(asked):
        raise invalid("The tuned model id is malformed.")
    if asked in world.models:
        raise Refused(409, "ALREADY_EXISTS", f"tunedModels/{asked} exists.")
    base = sent.get("baseModel", TUNABLE)
    if "tunedModelSource" in sent:
        source = found(world, sent["tunedModelSource"].get("tunedModel", "").removeprefix("tunedModels/"))
        if world.state(source) != "ACTIVE":
            raise Refused(400, "FAILED_PRECONDITION", "The source is not ACTIVE.")
        base = source.base
    ident = asked or world.ident(sent.get("displayName", ""))
    model = Model(ident, version, sent, base, time.time(), world.life)
    grant(world, model.permissions, model.name, {"granteeType": "USER", "emailAddress": ME, "role": "OWNER"})
    world.models[ident] = model
    return world.operation(model)


def patch(world: World, ident: str, query: dict[str, str], raw: bytes) -> dict[str, Any]:
    model = found(world, ident)
    sent = Reader(world.on).message("TunedModel", parsed(raw))
    mask = [
        ".".join(camel(step) for step in path.split(".")) for path in query.get("updateMask", "").split(",") if path
    ]
    if not mask and "patch-needs-mask" in world.on:
        raise invalid("update_mask is required.")
    for path in mask:
        top = path.split(".")[0]
        if top not in MESSAGES["TunedModel"] and "mask-forgiving" not in world.on:
            raise invalid(f"Invalid value at 'update_mask': {path}")
        if top == "readerProjectNumbers" != path:
            raise invalid(f"Invalid value at 'update_mask': {path} names an entry of a list.")
        fixed = {"baseModel", "tunedModelSource", "tuningTask"}
        if top in fixed and "immutable-ignored" not in world.on:
            raise invalid(f"{path} is immutable.")
    named = [name for name in SETTINGS if (name in mask if mask else name in sent)]
    changed = {name: sent.get(name) for name in named}
    check_settings(changed)
    model.settings = {name: value for name, value in (model.settings | changed).items() if value is not None}
    if "patch-moves-update-time" in world.on:
        model.updated = time.time()
    shown = world.shown(model)
    return shown if "patch-whole" in world.on else {name: shown[name] for name in named if name in shown}


def delete(world: World, ident: str) -> dict[str, Any]:
    model = found(world, ident)
    if model_role(model) != "OWNER":
        raise Refused(403, "PERMISSION_DENIED", "Only the owner may delete.")
    if "delete-waits" in world.on and world.state(model) == "CREATING":
        raise Refused(400, "FAILED_PRECONDITION", "The model is being created.")
    del world.models[ident]
    return {}


def operation(world: World, ident: str, asked: str) -> dict[str, Any]:
    model = found(world, ident)
    if model.operation != asked:
        raise missing(world, "The operation")
    return world.operation(model)


# ---- lists


def page(world: World, member: str, items: list[Any], query: dict[str, str], default: int) -> dict[str, Any]:
    """One page; a token is the place to go on from, sealed with what it is a list of."""
    size = Reader(world.on).integer(query.get("pageSize") or 0, "page_size")
    if size < 0:
        raise invalid("The page size is negative.")
    size = min(size or default, 1000, 3 if "pages-short" in world.on else 1000)
    scope = f"{member} {query.get('filter', '')}"
    start = 0
    if query.get("pageToken"):
        try:
            place, _, sealed = base64.urlsafe_b64decode(query["pageToken"] + "==").decode().partition(" ")
            start = int(place)
        except ValueError:
            raise invalid("The page token is invalid.") from None
        if sealed != scope:
            raise invalid("The page token is for another list.")
    shown = items[start : start + size]
    body: dict[str, Any] = {member: shown} if shown or "defaults-printed" in world.on else {}
    following = start + size
    more = following < len(items) or ("pages-empty" in world.on and following == len(items) and bool(items))
    if more:
        body["nextPageToken"] = base64.urlsafe_b64encode(f"{following} {scope}".encode()).decode().rstrip("=")
    elif "defaults-printed" in world.on:
        body["nextPageToken"] = ""
    return body


def listed(world: World, query: dict[str, str]) -> dict[str, Any]:
    on, text = world.on, query.get("filter", "")
    if text and "filters-refused" in on:
        raise invalid("Filters are not supported.")
    models = [model for model in world.models.values() if model_role(model)]
    if text:
        models = [model for model in models if matches(world, model, text)]
    elif "shared-hidden" in on:
        models = [model for model in models if not everyone(model)]
    if "list-newest-first" in on:
        models.reverse()
    return page(world, "tunedModels", [world.shown(model, "list") for model in models], query, 10)


def everyone(model: Model) -> bool:
    return any(one["granteeType"] == "EVERYONE" for one in model.permissions.values())


def matches(world: World, model: Model, text: str) -> bool:
    if text in {"owner:me", "writers:me", "readers:me"}:
        roles = {"owner:me": {"OWNER"}, "writers:me": {"OWNER", "WRITER"}, "readers:me": {"OWNER", "WRITER", "READER"}}
        return model_role(model) in roles[text]
    if text == "readers:everyone":
        return everyone(model)
    words = f"{model.settings.get('displayName', '')} {model.settings.get('description', '')}"
    return text in words if "filters-exact" in world.on else text.lower() in words.lower()


def models(world: World, query: dict[str, str], name: str = "") -> dict[str, Any]:
    served = base_models(world.on)
    if not name:
        return page(world, "models", served, query, 50)
    one = next((model for model in served if model["name"] == name), None)
    if one is None:
        raise missing(world, f"Model {name}")
    return one


# ---- permissions


def grant(world: World, holder: dict[str, Any], parent: str, value: dict[str, Any]) -> dict[str, Any]:
    email = value.get("emailAddress", "")
    if "permission-ids-opaque" in world.on:
        ident = uuid.uuid5(uuid.NAMESPACE_URL, email or "everyone").hex
    else:
        ident = str(uuid.uuid5(uuid.NAMESPACE_URL, email).int)[:21] if email else "everyone"
    if ident in holder:
        raise Refused(409, "ALREADY_EXISTS", "The grantee has a permission.")
    holder[ident] = {"name": f"{parent}/permissions/{ident}", **value}
    return holder[ident]


def holder_of(world: World, parent: str) -> dict[str, Any]:
    kind, ident = parent.split("/")
    if kind == "tunedModels":
        return found(world, ident).permissions
    if parent not in world.shared:
        raise missing(world, parent)
    return world.shared[parent]


def permission_method(
    world: World, verb: str, parent: str, ident: str, query: dict[str, str], raw: bytes
) -> dict[str, Any]:
    """Get, patch or delete of one permission, list or create of all."""
    holder = holder_of(world, parent)
    if not ident and verb == "GET":
        hidden = "owner-hidden" in world.on
        shown = [one for one in holder.values() if not (hidden and one["role"] == "OWNER")]
        return page(world, "permissions", shown, query, 10)
    if not ident:
        return grant(world, holder, parent, checked(Reader(world.on).message("Permission", parsed(raw))))
    if ident not in holder:
        raise missing(world, "The permission")
    if verb == "DELETE":
        if holder[ident]["role"] == "OWNER" and "owner-removable" not in world.on:
            raise Refused(400, "FAILED_PRECONDITION", "The owner stays.")
        del holder[ident]
        return {}
    if verb == "PATCH":
        return change(world, holder[ident], query, raw)
    return holder[ident]


def change(world: World, permission: dict[str, Any], query: dict[str, str], raw: bytes) -> dict[str, Any]:
    body = Reader(world.on).message("Permission", parsed(raw))
    if query.get("updateMask") != "role" or body.get("role", "ROLE_UNSPECIFIED") in {"ROLE_UNSPECIFIED", "OWNER"}:
        raise invalid("Only role can be updated, to WRITER or READER.")
    if permission["role"] == "OWNER":
        raise invalid("Ownership can only be transferred.")
    permission["role"] = body["role"]
    return {"role": body["role"]} if "permission-patch-partial" in world.on else permission


def checked(value: dict[str, Any]) -> dict[str, Any]:
    """A permission that may be granted."""
    value.setdefault("granteeType", "USER")
    if value.get("role", "ROLE_UNSPECIFIED") in {"ROLE_UNSPECIFIED", "OWNER"}:
        raise invalid("A role is required, and OWNER cannot be granted.")
    if (value["granteeType"] == "EVERYONE") == bool(value.get("emailAddress")):
        raise invalid("A user or group has an e-mail address, everyone has none.")
    return value


def transfer(world: World, ident: str, raw: bytes) -> dict[str, Any]:
    model = found(world, ident)
    email = Reader(world.on).message("TransferOwnershipRequest", parsed(raw)).get("emailAddress")
    if not email:
        raise invalid("email_address is required.")
    if model_role(model) != "OWNER":
        raise Refused(403, "PERMISSION_DENIED", "You need to be the owner of the resource to transfer ownership")
    for one in model.permissions.values():
        if one["role"] == "OWNER":
            one["role"] = "WRITER"
    for ident_held, one in list(model.permissions.items()):
        if one.get("emailAddress") == email:
            del model.permissions[ident_held]
    grant(world, model.permissions, model.name, {"granteeType": "USER", "emailAddress": email, "role": "OWNER"})
    return {}


def corpus_method(world: World, verb: str, ident: str, query: dict[str, str], raw: bytes) -> dict[str, Any]:
    """Create, get, list and delete of corpora."""
    if not ident and verb == "GET":
        return page(world, "corpora", list(world.corpora.values()), query, 10)
    if not ident:
        body = Reader(world.on).message("Corpus", parsed(raw))
        name = f"corpora/{uuid.uuid4().hex[:12]}"
        now = world.stamp(time.time())
        world.corpora[name] = {"name": name, "createTime": now, "updateTime": now, **body}
        world.shared[name] = {}
        grant(world, world.shared[name], name, {"granteeType": "USER", "emailAddress": ME, "role": "OWNER"})
        return world.corpora[name]
    name = f"corpora/{ident}"
    if name not in world.corpora:
        raise missing(world, name)
    if verb == "DELETE":
        del world.corpora[name], world.shared[name]
        return {}
    return world.corpora[name]
