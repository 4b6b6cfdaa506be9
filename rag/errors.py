"""Everything that Byline raises on purpose.

    BylineError                  a user can mend it: one line, exit code 2
    ├── SettingsError            an unknown or impossible setting
    ├── FilterError              a filter's value cannot be read
    ├── ArticleError             one file cannot be read; costs that file alone
    ├── ModelError               weights are missing or are not what they should be
    ├── PromptError              a file in prompts/ is missing or lacks a variable
    ├── QuestionsError           a line of a questions file is malformed
    ├── FolderLost               the article folder is missing, or lost most of its files
    ├── PackError                a file is no evidence pack, or its folder is not known
    ├── BackupError              a backup cannot be written, is damaged, or would replace an index
    ├── IndexingError
    │   ├── IndexMissing         nothing was ingested there yet
    │   ├── IndexMismatch        built with other settings than asked for now
    │   ├── IndexLocked          another process is writing to it
    │   └── StoreUnavailable     the Chroma server or folder cannot be opened
    └── LLMError                 the language model failed; what was found is still shown
        ├── LLMAuthenticationError
        ├── LLMNotFound
        ├── LLMRateLimited
        ├── LLMTimeout
        ├── LLMUnreachable
        ├── LLMContextOverflow   more text than the model can read at once
        └── LLMCutOff            the stream ended before the model had finished

Anything else that escapes is a bug and keeps its traceback.
"""


class BylineError(Exception):
    """Says what happened, to which file or setting, and what to do next, in one line."""


class SettingsError(BylineError):
    """An unknown or impossible setting."""


class FilterError(BylineError):
    """A filter's value cannot be read; the message shows the form wanted."""


class ArticleError(BylineError):
    """One file cannot be read. The message is the reason, without the file's name."""


class ModelError(BylineError):
    """Weights are missing or are not what they should be."""


class PromptError(BylineError):
    """A file in prompts/ is missing or lacks a variable."""


class QuestionsError(BylineError):
    """A line of a questions file is malformed."""


class FolderLost(BylineError):
    """The article folder is missing, or lost most of its files; the index stays as it was."""


class PackError(BylineError):
    """A file is no evidence pack, or nothing says where its articles are."""


class BackupError(BylineError):
    """A backup cannot be written, is damaged, or would replace an index."""


class IndexingError(BylineError):
    """The index cannot be used as asked."""


class IndexMissing(IndexingError):
    """Nothing was ingested there yet."""


class IndexMismatch(IndexingError):
    """The index was built with other settings than asked for now."""


class IndexLocked(IndexingError):
    """Another process is writing to the index."""


class StoreUnavailable(IndexingError):
    """The Chroma server or folder cannot be opened."""


class LLMError(BylineError):
    """The language model failed; what was found is still shown."""


class LLMAuthenticationError(LLMError):
    """The provider refused the key, or there is none."""


class LLMNotFound(LLMError):
    """The provider has no model of that name."""


class LLMRateLimited(LLMError):
    """The provider asks for fewer requests."""


class LLMTimeout(LLMError):
    """No answer within the time limit."""


class LLMUnreachable(LLMError):
    """No connection to the provider or server."""


class LLMContextOverflow(LLMError):
    """The messages are longer than what the model can read at once."""


class LLMCutOff(LLMError):
    """The stream ended before the model had finished."""
