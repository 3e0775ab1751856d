"""Recognisers: words, digits, and when."""

from voicecheck.system import let_idle_threads_sleep

let_idle_threads_sleep()  # here, because OpenMP looks once: when CTranslate2 is imported, by whichever module
