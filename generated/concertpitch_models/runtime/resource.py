"""What the classes of a generated client are put together from, blocking and asynchronous.

Owns what can be said once for all methods: walking pages, waiting, and awaiting. A blocking method ends in one
call of its transport, so given an asynchronous transport the same method returns what is to be awaited. Must
not know any API.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from types import MethodType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, cast, overload

from .polling import DEADLINE, wait, wait_async

if TYPE_CHECKING:
    from .transport import AsyncTransport, Transport


class _Page(Protocol):
    @property
    def next_page_token(self) -> str | None: ...


ATTEMPTS = 4  # the first one included
P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G", bound=_Page)
T = TypeVar("T")
S_co = TypeVar("S_co", covariant=True)
Method = Callable[Concatenate[Any, P], R]


class Resource:
    """Methods that share a blocking transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport


class AsyncResource:
    """Methods that share an asynchronous transport."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport


class Sub(Generic[R]):
    """A resource below another; made when it is first used."""

    def __init__(self, kind: Callable[[Any], R]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> R: ...
    def __get__(self, instance: Any, owner: type) -> Self | R:
        if instance is None:
            return self
        made = self._kind(instance._transport)  # noqa: SLF001 - of the class this attribute belongs to
        instance.__dict__[self._name] = made
        return made


class Shared(Generic[P, R]):
    """A method made of another one, which documents it."""

    def __init__(self, method: Method[P, Any]) -> None:
        self.method = method
        self.__doc__ = method.__doc__
        self.__wrapped__ = method


class Awaited(Shared[P, R]):
    """A blocking method, to be awaited."""

    def __init__(self, method: Method[P, R]) -> None:
        super().__init__(method)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[P, Coroutine[Any, Any, R]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self.method, instance)


class Pages(Shared[P, G]):
    """A list method called for one page after another, until a page has no token for the next."""

    def __init__(self, method: Method[P, G]) -> None:
        super().__init__(method)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[P, Iterator[G]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self._walk, instance)

    def _walk(self, instance: Any, *args: P.args, **kwargs: P.kwargs) -> Iterator[G]:
        while True:
            page = self.method(instance, *args, **kwargs)
            yield page
            if not page.next_page_token:
                return
            kwargs["page_token"] = page.next_page_token


class AsyncPages(Shared[P, G]):
    """`Pages`, asynchronous."""

    def __init__(self, pages: Pages[P, G]) -> None:
        super().__init__(pages.method)

    def __get__(self, instance: object, owner: type) -> Callable[P, AsyncIterator[G]]:
        return MethodType(self._walk, instance)

    async def _walk(self, instance: Any, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[G]:
        while True:
            page = await self.method(instance, *args, **kwargs)
            yield page
            if not page.next_page_token:
                return
            kwargs["page_token"] = page.next_page_token


class Items(Shared[P, T]):
    """What all pages of a list method hold, one by one; pages are fetched as they are needed."""

    def __init__(self, method: Method[P, G], items: Callable[[G], Iterable[T] | None]) -> None:
        super().__init__(method)
        self.pages: Pages[P, Any] = Pages(method)
        self.items: Callable[[Any], Iterable[T] | None] = items

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[P, Iterator[T]]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self._walk, instance)

    def _walk(self, instance: Any, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        for page in self.pages.__get__(instance, type(instance))(*args, **kwargs):
            yield from self.items(page) or ()


class AsyncItems(Shared[P, T]):
    """`Items`, asynchronous."""

    def __init__(self, items: Items[P, T]) -> None:
        super().__init__(items.method)
        self._pages: AsyncPages[P, Any] = AsyncPages(items.pages)
        self._items = items.items

    def __get__(self, instance: object, owner: type) -> Callable[P, AsyncIterator[T]]:
        return MethodType(self._walk, instance)

    async def _walk(self, instance: object, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        async for page in self._pages.__get__(instance, type(instance))(*args, **kwargs):
            for item in self._items(page) or ():
                yield item


class Waiting(Protocol[S_co]):
    """Call a get method with its `names`, with growing pauses, until what it gives has ended.

    Waits at most `deadline` seconds, for ever if that is None; `progress` is told what each call gave. Raises
    `TimeoutError` when the deadline passes first.
    """

    def __call__(
        self, *names: str, deadline: float | None = DEADLINE, progress: Callable[[S_co], None] | None = None
    ) -> S_co: ...


class AsyncWaiting(Protocol[S_co]):
    """`Waiting`, to be awaited."""

    def __call__(
        self, *names: str, deadline: float | None = DEADLINE, progress: Callable[[S_co], None] | None = None
    ) -> Coroutine[Any, Any, S_co]: ...


class Wait(Generic[R]):
    """Waits until `ended` says so of what a get method gives."""

    def __init__(self, method: Callable[..., R], ended: Callable[[R], bool]) -> None:
        self.method = method
        self.ended = ended

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Waiting[R]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self._wait, instance)

    def _wait(
        self,
        instance: Any,
        *names: str,
        deadline: float | None = DEADLINE,
        progress: Callable[[R], None] | None = None,
    ) -> R:
        return wait(lambda: self.method(instance, *names), self.ended, deadline=deadline, progress=progress)


class AsyncWait(Generic[R]):
    """`Wait`, asynchronous."""

    def __init__(self, waits: Wait[R]) -> None:
        self._method: Callable[..., Coroutine[Any, Any, R]] = cast("Any", waits.method)
        self._ended = waits.ended

    def __get__(self, instance: object, owner: type) -> AsyncWaiting[R]:
        return MethodType(self._wait, instance)

    async def _wait(
        self,
        instance: Any,
        *names: str,
        deadline: float | None = DEADLINE,
        progress: Callable[[R], None] | None = None,
    ) -> R:
        return await wait_async(
            lambda: self._method(instance, *names), self._ended, deadline=deadline, progress=progress
        )
