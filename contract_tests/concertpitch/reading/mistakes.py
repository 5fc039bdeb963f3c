"""What is wrong with a request, as far as conventions and schemas tell; '' when nothing is known to be."""

from __future__ import annotations

from concertpitch.subjects import Create, OperationCall, Page


def of_create(create: Create) -> str:
    """What is wrong with the body of a create."""
    if create.unreadable:
        return "a body that is no JSON"
    if create.misencoded:
        return "a body that is not UTF-8"
    if "json" not in create.media_type:
        return f"a body sent as {create.media_type}"
    faults = ", ".join(sorted(create.request.faults)).replace("_", " ")
    return f"a body with members that are: {faults}" if faults else ""


def of_page(page: Page) -> str:
    """What is wrong with the parameters of a list."""
    if not page.token_known:
        return "a page token the target never gave"
    if page.of_another_list:
        return "a page token of another list"
    if page.filter_broken:
        return f"the filter {page.filter}"
    if "pageSize" in page.call.query and (page.size is None or page.size < 0):
        return f"pageSize={page.call.query['pageSize']}"
    return ""


def of_operation(one: OperationCall) -> str:
    """What is wrong with the name of an operation."""
    return "the name of an operation that does not exist" if not one.given and one.lookalike else ""
