"""Corpora, as far as permissions need something to be on; it must not know HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.errors import already_exists, invalid
from concertpitch_emulator.gemini import access, names, rendering, validation
from concertpitch_emulator.gemini.records import OWNER, READER, USER, CorpusRecord

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.service import GeminiService

_DEFAULT_PAGE_SIZE, _MAX_PAGE_SIZE = 10, 20
_BOOLEANS = {"", "true", "false"}


class CorporaService:
    """`corpora` create, get, list and delete."""

    def __init__(self, models: GeminiService) -> None:
        self._models = models
        self._store = models.store

    def create(self, call: Call) -> dict[str, Any]:
        """Store an empty corpus that the caller owns."""
        value = self._models.read(call, "Corpus", "corpus")
        self._models.refuse("CreateCorpusRequest", validation.corpus(value))
        corpus_id = value.get("name", "").removeprefix("corpora/")
        if corpus_id in self._store.corpora:
            raise already_exists(f"Corpus {value['name']} already exists.", "used-id")
        display_name = value.get("displayName", "")
        corpus_id = corpus_id or names.generated(display_name, self._models.source, self._store.corpora)
        call.corpus = CorpusRecord(corpus_id, self._store.serial(), display_name, call.now)
        self._models.grant(call.corpus.permissions, USER, call.caller, OWNER)
        self._store.corpora[corpus_id] = call.corpus
        return rendering.corpus(call.corpus)

    def get(self, call: Call) -> dict[str, Any]:
        return rendering.corpus(self.corpus(call, READER))

    def list_corpora(self, call: Call) -> dict[str, Any]:
        """One page of the corpora that the caller owns, oldest first."""
        asked = self._models.window(call, "corpora", _DEFAULT_PAGE_SIZE, _MAX_PAGE_SIZE)
        corpora = self._models.hooks.collection(list(self._store.corpora.values()), call)
        page = paging.ascending(corpora, asked, lambda corpus: corpus.granted(call.caller) == OWNER)
        page = self._models.hooks.page(page, asked, call)
        return self._models.page("corpora", [rendering.corpus(corpus) for corpus in page.items], page, "corpora")

    def delete(self, call: Call) -> dict[str, Any]:
        """Forget a corpus with its permissions; `force` matters to documents only, and there are none."""
        if call.query.get("force", "") not in _BOOLEANS:
            raise invalid(f"Invalid value at 'force' (TYPE_BOOL), {call.query['force'][:100]!r}", "bad-force")
        del self._store.corpora[self.corpus(call, OWNER).id]
        return {}

    def corpus(self, call: Call, role: str) -> CorpusRecord:
        """The corpus that the path names, for a caller with that role."""
        record = self._store.corpora.get(call.path["corpus"])
        if record is None:
            raise access.no_corpus(f"corpora/{call.path['corpus']}")
        call.corpus = record
        access.require(call, record, role)
        return record
